SELECT candidates.candidate_id, candidates.run_id, candidates.failures, runs.last_position AS run_position
FROM candidates
JOIN runs ON runs.run_id = candidates.run_id
WHERE candidates.live AND candidates.failures > 0 AND candidates.failures >= %(parent_failures_max)s
  AND runs.status IN ('pending', 'running')
ORDER BY candidates.position
