-- Ids that begin so. The range is what the index can look up; it holds the same whatever order the letters have.
SELECT candidate_id
FROM candidates
WHERE candidate_id >= %(beginning)s AND candidate_id <= %(beginning)s || repeat('z', 64)
  AND starts_with(candidate_id, %(beginning)s)
ORDER BY candidate_id
LIMIT %(limit)s
