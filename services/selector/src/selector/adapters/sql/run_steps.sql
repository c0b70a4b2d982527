SELECT run_steps.run_id, run_steps.step_order AS "order", steps.pool, steps.child_cap, run_steps.paused,
       run_steps.approved_k, run_steps.live, run_steps.open_jobs
FROM run_steps
JOIN runs ON runs.run_id = run_steps.run_id
JOIN steps ON steps.pipeline_id = runs.pipeline_id AND steps.version = runs.pipeline_version
          AND steps.step_order = run_steps.step_order
WHERE run_steps.run_id = ANY(%(run_ids)s)
ORDER BY run_steps.run_id, run_steps.step_order
