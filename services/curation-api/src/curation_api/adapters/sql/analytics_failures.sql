-- Why jobs failed since %(since)s, the most frequent first.
SELECT coalesce(failure_class, 'unknown') AS failure_class, coalesce(failure_code, 'unknown') AS code,
       count(*) AS count, sum(gpu_seconds) AS gpu_seconds, max(ended_at) AS last_at
FROM jobs
WHERE ended_at >= %(since)s AND (%(run_id)s::text IS NULL OR run_id = %(run_id)s)
  AND state IN ('failed', 'lost')
GROUP BY 1, 2
ORDER BY count DESC, 1, 2
LIMIT 100
