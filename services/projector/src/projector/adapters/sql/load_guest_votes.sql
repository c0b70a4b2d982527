SELECT vote_id, run_id, step_order, voter, position, retracted, guest_link, merged
FROM votes WHERE run_id = ANY(%s) AND guest_link IS NOT NULL ORDER BY position;
