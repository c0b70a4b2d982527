SELECT count(*) AS runs, coalesce(sum(open_jobs), 0)::bigint AS open_jobs
FROM runs
WHERE status IN ('pending', 'running')
