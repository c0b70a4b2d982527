SELECT job_id, run_id, number, step_order, parent_id, pool, state, seed, mode, gateway, node, prompt_id, attempt,
       failure_class, failure_code, message, cancel_reason, candidate_id, gpu_seconds,
       requested_at, submitted_at, ended_at, position
FROM jobs
WHERE run_id = %(run_id)s
  AND (%(state)s::text IS NULL OR state = %(state)s)
  AND (%(before)s::integer IS NULL OR number < %(before)s)
ORDER BY number DESC
LIMIT %(limit)s
