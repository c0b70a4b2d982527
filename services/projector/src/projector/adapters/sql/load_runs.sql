SELECT run_id, profile, name, n, t, ceiling_images, ceiling_gpu_seconds, ceiling_deadline, last_position, status, paused,
    pause_reason, last_job_number, open_jobs, open_live_jobs, live_finals, images, votes, gpu_seconds, winner_id, rating,
    served_position, policy, raffle
FROM runs WHERE run_id = ANY(%s);
