SELECT vote_id, run_id, step_order, voter, left_id, right_id, outcome, milliseconds, retracted, guest_link, merged, cast_at, position
FROM votes
WHERE vote_id = %(vote_id)s
