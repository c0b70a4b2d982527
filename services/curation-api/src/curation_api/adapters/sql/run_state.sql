SELECT run_id, name, status, paused, n, t, profile, ceiling_images, ceiling_gpu_seconds, ceiling_deadline, winner_id, rating, policy, raffle
FROM runs
WHERE run_id = %(run_id)s
