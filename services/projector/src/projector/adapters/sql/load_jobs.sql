SELECT run_id, job_id, number, seed, step_order, parent_id, state, gateway, node, prompt_id, attempt, failure_class,
    failure_code, message, cancel_reason, candidate_id, gpu_seconds, submitted_at, ended_at
FROM jobs WHERE run_id = ANY(%s) ORDER BY position;
