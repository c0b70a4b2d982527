SELECT candidate_id, rating, votes, position
FROM candidates
WHERE run_id = %(run_id)s AND step_order = %(step_order)s AND live
ORDER BY rating DESC, position
LIMIT %(limit)s
