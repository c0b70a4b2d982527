SELECT run_id, profile, policy, raffle, status, paused, n, t, ceiling_images, ceiling_gpu_seconds, ceiling_deadline,
       variables ->> 'seed' AS seed, last_job_number, open_jobs, open_live_jobs, live_finals, images, gpu_seconds,
       created_position, last_position, served_position
FROM runs
WHERE run_id = ANY(%(run_ids)s)
