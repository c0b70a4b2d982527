-- Each step of a run: its whole funnel, how its ratings lie, and the work that ended there since %(since)s.
SELECT s.step_order AS "order", s.name,
       coalesce(c.live, 0) AS live, coalesce(c.rejected, 0) AS rejected, coalesce(c.dead, 0) AS dead,
       coalesce(grown.parents, 0) AS parents,
       coalesce(work.images, 0) AS images, coalesce(work.failed, 0) AS failed,
       coalesce(work.gpu_seconds, 0) AS gpu_seconds,
       work.waiting_median, work.rendering_median, work.rendering_p95,
       rated.lowest, rated.quartiles, rated.highest
FROM runs r
JOIN steps s ON s.pipeline_id = r.pipeline_id AND s.version = r.pipeline_version
LEFT JOIN run_steps c ON c.run_id = r.run_id AND c.step_order = s.step_order
LEFT JOIN (
    SELECT step_order, count(*) FILTER (WHERE children > 0) AS parents
    FROM candidates
    WHERE run_id = %(run_id)s
    GROUP BY step_order
) AS grown ON grown.step_order = s.step_order
LEFT JOIN (
    SELECT step_order,
           count(*) FILTER (WHERE state = 'completed') AS images,
           count(*) FILTER (WHERE state IN ('failed', 'lost')) AS failed,
           sum(gpu_seconds) AS gpu_seconds,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY date_part('epoch', submitted_at - requested_at))
               FILTER (WHERE submitted_at IS NOT NULL) AS waiting_median,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY date_part('epoch', ended_at - submitted_at))
               FILTER (WHERE state = 'completed') AS rendering_median,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY date_part('epoch', ended_at - submitted_at))
               FILTER (WHERE state = 'completed') AS rendering_p95
    FROM jobs
    WHERE run_id = %(run_id)s AND ended_at >= %(since)s
    GROUP BY step_order
) AS work ON work.step_order = s.step_order
LEFT JOIN (
    SELECT step_order, min(rating) AS lowest, max(rating) AS highest,
           percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY rating) AS quartiles
    FROM candidates
    WHERE run_id = %(run_id)s AND live
    GROUP BY step_order
) AS rated ON rated.step_order = s.step_order
WHERE r.run_id = %(run_id)s
ORDER BY s.step_order
LIMIT 1000
