-- Runs by creation, newest first. Prompt and variables may be long and stay out of lists.
SELECT r.run_id, r.pipeline_id, r.pipeline_version, p.name AS pipeline_name, r.name,
       NULL AS prompt, '{}'::jsonb AS variables, r.folder,
       r.profile, r.status, r.paused, r.pause_reason, r.n, r.t,
       r.ceiling_images, r.ceiling_gpu_seconds, r.ceiling_deadline,
       r.open_jobs, r.live_finals, r.images, r.votes, r.gpu_seconds, r.winner_id, r.rating, r.matrix_id, r.cell, r.origin,
       r.policy, r.raffle,
       r.created_at, r.created_position, r.last_position
FROM runs r
JOIN pipelines p ON p.pipeline_id = r.pipeline_id AND p.version = r.pipeline_version
WHERE (%(before)s::bigint IS NULL OR r.created_position < %(before)s)
  AND (%(pipeline_id)s::text IS NULL OR r.pipeline_id = %(pipeline_id)s)
  AND (%(matrix_id)s::text IS NULL OR r.matrix_id = %(matrix_id)s)
  AND (%(status)s::text IS NULL OR r.status = %(status)s)
  AND (NOT %(active)s OR r.status IN ('pending', 'running'))
ORDER BY r.created_position DESC
LIMIT %(limit)s
