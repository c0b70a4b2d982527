SELECT run_id, images + votes AS weight FROM runs WHERE rating IS NULL AND votes > 0 ORDER BY created_position;
