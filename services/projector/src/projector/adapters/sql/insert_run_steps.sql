INSERT INTO run_steps (
    run_id, step_order, approved_k, approved_position, paused, pause_reason, consecutive_failures,
    last_failure_class, last_failure_code, last_failure_message, outage_at_job, live, rejected, dead, open_jobs
)
SELECT * FROM unnest(
    %s::text[], %s::integer[], %s::integer[], %s::bigint[], %s::boolean[], %s::text[], %s::integer[],
    %s::text[], %s::text[], %s::text[], %s::integer[], %s::integer[], %s::integer[], %s::integer[], %s::integer[]
);
