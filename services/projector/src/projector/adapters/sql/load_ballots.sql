SELECT vote_id, run_id, step_order, voter, position, retracted, guest_link, merged, left_id, right_id, outcome
FROM votes WHERE run_id = ANY(%s) ORDER BY position;
