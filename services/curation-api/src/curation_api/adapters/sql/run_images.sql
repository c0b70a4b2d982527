SELECT run_id, name, images, open_jobs FROM runs ORDER BY created_position DESC LIMIT %(limit)s
