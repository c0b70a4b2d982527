-- Autonomous runs: at least the candidates that eligibility accepts.
-- The cap is that of the step their children are made at. OFFSET 0 keeps the planner on the index of one column after
-- the other: it cannot know that nearly all candidates are full.
WITH growing AS (
    SELECT run_steps.run_id, run_steps.step_order, coalesce(lead(steps.child_cap) OVER following, runs.n) AS cap
    FROM run_steps
    JOIN runs ON runs.run_id = run_steps.run_id
    JOIN steps ON steps.pipeline_id = runs.pipeline_id AND steps.version = runs.pipeline_version
              AND steps.step_order = run_steps.step_order
    WHERE run_steps.run_id = ANY(%(run_ids)s)
      AND runs.profile = 'autonomous' AND NOT runs.paused AND runs.status IN ('pending', 'running')
    WINDOW following AS (PARTITION BY run_steps.run_id ORDER BY run_steps.step_order)
)
SELECT parents.*
FROM growing
CROSS JOIN LATERAL (
    SELECT candidate_id, run_id, step_order, rating, live_children + open_jobs AS occupancy, failures, live, discarded,
           position, place, sha256
    FROM candidates
    WHERE candidates.run_id = growing.run_id AND candidates.step_order = growing.step_order
      AND live AND NOT is_final AND live_children + open_jobs < growing.cap
      AND NOT discarded AND failures < %(parent_failures_max)s
    OFFSET 0
) AS parents
