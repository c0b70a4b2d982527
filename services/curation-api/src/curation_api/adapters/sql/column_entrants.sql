SELECT candidate_id, votes, coalesce(same_as, candidate_id) AS picture
FROM candidates
WHERE run_id = %(run_id)s AND step_order = %(step_order)s AND live
ORDER BY votes, position
LIMIT %(limit)s
