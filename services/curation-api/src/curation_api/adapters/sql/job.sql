SELECT job_id, run_id, number, step_order, parent_id, pool, state, seed, mode, gateway, node, prompt_id, attempt,
       failure_class, failure_code, message, cancel_reason, candidate_id, gpu_seconds,
       requested_at, submitted_at, ended_at, position, decision
FROM jobs
WHERE job_id = %(job_id)s
