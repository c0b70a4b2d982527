SELECT run_id, step_order, position, voter, left_id, right_id, outcome, retracted
FROM votes WHERE run_id = ANY(%s) ORDER BY position;
