INSERT INTO candidates (
    candidate_id, run_id, step_order, is_final, parent_id, root_id, depth, job_id, job_number, status, live,
    reject_reason, reject_note, reject_walk, rating, votes, both_bad, failures, children, live_children, open_jobs, place,
    sha256, pixel_sha256, same_as, size_bytes, width, height, media_type, discarded, down_since, seed, node, gpu_seconds,
    created_at, position, source_id
)
SELECT * FROM unnest(
    %s::text[], %s::text[], %s::integer[], %s::boolean[], %s::text[], %s::text[], %s::integer[], %s::text[],
    %s::integer[], %s::text[], %s::boolean[], %s::text[], %s::text[], %s::text[], %s::integer[], %s::integer[],
    %s::integer[], %s::integer[], %s::integer[], %s::integer[], %s::integer[], %s::text[], %s::text[],
    %s::text[], %s::text[], %s::bigint[], %s::integer[], %s::integer[], %s::text[], %s::boolean[], %s::timestamptz[],
    %s::numeric[], %s::text[], %s::double precision[], %s::timestamptz[], %s::bigint[], %s::text[]
);
