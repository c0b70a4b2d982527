UPDATE jobs SET
    state = changed.state, gateway = changed.gateway, node = changed.node, prompt_id = changed.prompt_id,
    attempt = changed.attempt, failure_class = changed.failure_class, failure_code = changed.failure_code,
    message = changed.message, cancel_reason = changed.cancel_reason, candidate_id = changed.candidate_id,
    gpu_seconds = changed.gpu_seconds, submitted_at = changed.submitted_at, ended_at = changed.ended_at
FROM unnest(
    %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::integer[], %s::text[], %s::text[],
    %s::text[], %s::text[], %s::text[], %s::double precision[], %s::timestamptz[], %s::timestamptz[]
) AS changed (
    job_id, state, gateway, node, prompt_id, attempt, failure_class, failure_code, message, cancel_reason,
    candidate_id, gpu_seconds, submitted_at, ended_at
)
WHERE jobs.job_id = changed.job_id;
