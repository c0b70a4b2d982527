INSERT INTO runs (
    run_id, pipeline_id, pipeline_version, name, prompt, variables, folder, profile, status, paused,
    pause_reason, n, t, ceiling_images, ceiling_gpu_seconds, ceiling_deadline, last_job_number, open_jobs,
    open_live_jobs, live_finals, images, votes, gpu_seconds, winner_id, rating, matrix_id, cell, created_at, created_position,
    last_position, served_position, origin, policy, raffle
)
SELECT * FROM unnest(
    %s::text[], %s::text[], %s::integer[], %s::text[], %s::text[], %s::jsonb[], %s::text[], %s::text[],
    %s::text[], %s::boolean[], %s::text[], %s::integer[], %s::integer[], %s::integer[],
    %s::double precision[], %s::timestamptz[], %s::integer[], %s::integer[], %s::integer[], %s::integer[],
    %s::integer[], %s::integer[], %s::double precision[], %s::text[], %s::jsonb[], %s::text[], %s::jsonb[], %s::timestamptz[], %s::bigint[],
    %s::bigint[], %s::bigint[], %s::jsonb[], %s::text[], %s::jsonb[]
);
