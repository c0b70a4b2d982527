SELECT r.run_id, r.pipeline_id, r.pipeline_version, p.name AS pipeline_name, r.name, r.prompt, r.variables, r.folder,
       r.profile, r.status, r.paused, r.pause_reason, r.n, r.t,
       r.ceiling_images, r.ceiling_gpu_seconds, r.ceiling_deadline,
       r.open_jobs, r.live_finals, r.images, r.votes, r.gpu_seconds, r.winner_id, r.rating, r.matrix_id, r.cell, r.origin,
       r.policy, r.raffle,
       r.created_at, r.created_position, r.last_position
FROM runs r
JOIN pipelines p ON p.pipeline_id = r.pipeline_id AND p.version = r.pipeline_version
WHERE r.run_id = %(run_id)s
