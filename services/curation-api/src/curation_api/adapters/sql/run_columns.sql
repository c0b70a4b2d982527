-- The steps of some runs with what happens there.
SELECT r.run_id, s.step_order, s.name, s.slug, s.pool, s.child_cap,
       c.approved_k,
       coalesce(c.paused, false) AS paused,
       coalesce(c.pause_reason, '') AS pause_reason,
       coalesce(c.consecutive_failures, 0) AS consecutive_failures,
       c.last_failure_class, c.last_failure_code, c.last_failure_message,
       coalesce(c.live, 0) AS live,
       coalesce(c.rejected, 0) AS rejected,
       coalesce(c.dead, 0) AS dead,
       coalesce(c.open_jobs, 0) AS open_jobs
FROM runs r
JOIN steps s ON s.pipeline_id = r.pipeline_id AND s.version = r.pipeline_version
LEFT JOIN run_steps c ON c.run_id = r.run_id AND c.step_order = s.step_order
WHERE r.run_id = ANY(%(run_ids)s)
ORDER BY r.run_id, s.step_order
