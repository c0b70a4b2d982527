UPDATE runs SET
    name = changed.name, status = changed.status, paused = changed.paused,
    pause_reason = changed.pause_reason, n = changed.n, t = changed.t,
    ceiling_images = changed.ceiling_images, ceiling_gpu_seconds = changed.ceiling_gpu_seconds,
    ceiling_deadline = changed.ceiling_deadline, last_job_number = changed.last_job_number,
    open_jobs = changed.open_jobs, open_live_jobs = changed.open_live_jobs, live_finals = changed.live_finals,
    images = changed.images, votes = changed.votes, gpu_seconds = changed.gpu_seconds,
    winner_id = changed.winner_id, rating = changed.rating, last_position = changed.last_position,
    served_position = changed.served_position, policy = changed.policy, raffle = changed.raffle
FROM unnest(
    %s::text[], %s::text[], %s::text[], %s::boolean[], %s::text[], %s::integer[], %s::integer[],
    %s::integer[], %s::double precision[], %s::timestamptz[], %s::integer[], %s::integer[], %s::integer[],
    %s::integer[], %s::integer[], %s::integer[], %s::double precision[], %s::text[], %s::jsonb[],
    %s::bigint[], %s::bigint[], %s::text[], %s::jsonb[]
) AS changed (
    run_id, name, status, paused, pause_reason, n, t, ceiling_images, ceiling_gpu_seconds, ceiling_deadline,
    last_job_number, open_jobs, open_live_jobs, live_finals, images, votes, gpu_seconds, winner_id, rating,
    last_position, served_position, policy, raffle
)
WHERE runs.run_id = changed.run_id;
