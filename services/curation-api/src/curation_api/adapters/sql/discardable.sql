SELECT candidate_id
FROM candidates
WHERE run_id = %(run_id)s AND NOT live AND NOT discarded
ORDER BY position
LIMIT %(limit)s
