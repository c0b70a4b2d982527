SELECT candidate_id, run_id, down_since
FROM candidates
WHERE NOT live AND NOT discarded AND down_since < %(moment)s
ORDER BY down_since, candidate_id
LIMIT %(limit)s
