SELECT vote_id, run_id, step_order, voter, left_id, right_id, outcome, milliseconds, retracted, cast_at, position
FROM votes
WHERE vote_id = %(vote_id)s
