-- What each server made since %(since)s, those with most images first.
SELECT coalesce(node, '') AS node, pool,
       count(*) FILTER (WHERE state = 'completed') AS images,
       count(*) FILTER (WHERE state IN ('failed', 'lost')) AS failed,
       sum(gpu_seconds) AS gpu_seconds,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY date_part('epoch', ended_at - submitted_at))
           FILTER (WHERE state = 'completed') AS rendering_median,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY date_part('epoch', ended_at - submitted_at))
           FILTER (WHERE state = 'completed') AS rendering_p95
FROM jobs
WHERE ended_at >= %(since)s AND (%(run_id)s::text IS NULL OR run_id = %(run_id)s)
  AND node IS NOT NULL
GROUP BY node, pool
ORDER BY images DESC, node
LIMIT 200
