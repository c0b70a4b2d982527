SELECT run_id, position, voter, left_id, right_id, outcome, retracted, guest_link IS NOT NULL AND NOT merged AS apart
FROM votes WHERE run_id = ANY(%s) ORDER BY position;
