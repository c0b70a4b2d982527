SELECT run_steps.run_id, run_steps.step_order, run_steps.paused, run_steps.consecutive_failures,
       run_steps.last_failure_class AS failure_class, run_steps.last_failure_code AS failure_code,
       coalesce(run_steps.last_failure_message, '') AS message,
       runs.last_position AS run_position
FROM run_steps
JOIN runs ON runs.run_id = run_steps.run_id
WHERE run_steps.consecutive_failures > 0 AND NOT run_steps.paused AND runs.status IN ('pending', 'running')
ORDER BY run_steps.run_id, run_steps.step_order
