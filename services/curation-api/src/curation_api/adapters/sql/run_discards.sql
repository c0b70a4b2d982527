SELECT count(*) FILTER (WHERE discarded) AS discarded_images,
       coalesce(sum(size_bytes) FILTER (WHERE discarded), 0)::bigint AS discarded_bytes,
       count(*) FILTER (WHERE NOT live AND NOT discarded) AS remaining
FROM candidates
WHERE run_id = %(run_id)s
