SELECT pool, count(*) AS open_jobs FROM jobs WHERE state IN ('pending', 'submitted') GROUP BY pool
