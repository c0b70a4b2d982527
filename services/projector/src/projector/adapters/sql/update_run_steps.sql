UPDATE run_steps SET
    approved_k = changed.approved_k, approved_position = changed.approved_position, paused = changed.paused,
    pause_reason = changed.pause_reason, consecutive_failures = changed.consecutive_failures,
    last_failure_class = changed.last_failure_class, last_failure_code = changed.last_failure_code,
    last_failure_message = changed.last_failure_message, outage_at_job = changed.outage_at_job, live = changed.live,
    rejected = changed.rejected, dead = changed.dead, open_jobs = changed.open_jobs
FROM unnest(
    %s::text[], %s::integer[], %s::integer[], %s::bigint[], %s::boolean[], %s::text[], %s::integer[],
    %s::text[], %s::text[], %s::text[], %s::integer[], %s::integer[], %s::integer[], %s::integer[], %s::integer[]
) AS changed (
    run_id, step_order, approved_k, approved_position, paused, pause_reason, consecutive_failures,
    last_failure_class, last_failure_code, last_failure_message, outage_at_job, live, rejected, dead, open_jobs
)
WHERE run_steps.run_id = changed.run_id AND run_steps.step_order = changed.step_order;
