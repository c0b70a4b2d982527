SELECT left_id, right_id
FROM votes
WHERE run_id = %(run_id)s AND voter = %(voter)s AND step_order = %(step_order)s AND NOT retracted
LIMIT %(limit)s
