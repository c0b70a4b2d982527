-- Autonomous runs: at least the candidates that eligibility accepts. The cap is that of the step their children are made at.
SELECT candidates.candidate_id, candidates.run_id, candidates.step_order, candidates.rating,
       candidates.live_children + candidates.open_jobs AS occupancy, candidates.failures, candidates.live,
       candidates.discarded, candidates.position, candidates.place, candidates.sha256
FROM (
    SELECT run_steps.run_id, run_steps.step_order,
           coalesce(lead(steps.child_cap) OVER following, runs.n) AS cap
    FROM run_steps
    JOIN runs ON runs.run_id = run_steps.run_id
    JOIN steps ON steps.pipeline_id = runs.pipeline_id AND steps.version = runs.pipeline_version
              AND steps.step_order = run_steps.step_order
    WHERE run_steps.run_id = ANY(%(run_ids)s)
      AND runs.profile = 'autonomous' AND NOT runs.paused AND runs.status IN ('pending', 'running')
    WINDOW following AS (PARTITION BY run_steps.run_id ORDER BY run_steps.step_order)
) AS columns
JOIN candidates ON candidates.run_id = columns.run_id AND candidates.step_order = columns.step_order
WHERE candidates.live AND NOT candidates.is_final AND NOT candidates.discarded
  AND candidates.live_children + candidates.open_jobs < columns.cap
  AND candidates.failures < %(parent_failures_max)s
