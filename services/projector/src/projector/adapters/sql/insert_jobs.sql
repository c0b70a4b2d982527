INSERT INTO jobs (
    job_id, run_id, number, step_order, parent_id, pool, state, seed, mode, decision, gateway, node,
    prompt_id, attempt, failure_class, failure_code, message, cancel_reason, candidate_id, gpu_seconds,
    requested_at, submitted_at, ended_at, position
)
SELECT * FROM unnest(
    %s::text[], %s::text[], %s::integer[], %s::integer[], %s::text[], %s::text[], %s::text[], %s::numeric[],
    %s::text[], %s::jsonb[], %s::text[], %s::text[], %s::text[], %s::integer[], %s::text[], %s::text[],
    %s::text[], %s::text[], %s::text[], %s::double precision[], %s::timestamptz[], %s::timestamptz[],
    %s::timestamptz[], %s::bigint[]
);
