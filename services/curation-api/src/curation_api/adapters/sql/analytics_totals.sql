-- All that was ever made, by one run or by all.
SELECT coalesce(sum(images), 0)::bigint AS images, coalesce(sum(live_finals), 0)::bigint AS finals,
       coalesce(sum(gpu_seconds), 0)::double precision AS gpu_seconds, coalesce(sum(votes), 0)::bigint AS votes
FROM runs
WHERE %(run_id)s::text IS NULL OR run_id = %(run_id)s
