SELECT run_id, step_order, approved_k, approved_position, paused, pause_reason, consecutive_failures, last_failure_class,
    last_failure_code, last_failure_message, outage_at_job, live, rejected, dead, open_jobs
FROM run_steps WHERE run_id = ANY(%s) ORDER BY run_id, step_order;
