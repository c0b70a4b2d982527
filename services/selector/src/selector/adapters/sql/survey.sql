-- One row. Arrays and one object instead of rows: with a thousand active runs that is ten times quicker to read.
WITH active AS (
    SELECT run_id, pipeline_id, pipeline_version, created_position, last_position, policy
    FROM runs
    WHERE status IN ('pending', 'running') AND NOT paused
),
open_by_pool AS (
    SELECT pool, count(*) AS open_jobs FROM jobs WHERE state IN ('pending', 'submitted') GROUP BY pool
),
used_pools AS (
    SELECT DISTINCT steps.pool
    FROM (SELECT DISTINCT pipeline_id, pipeline_version FROM active) AS used
    JOIN steps ON steps.pipeline_id = used.pipeline_id AND steps.version = used.pipeline_version
),
last_served AS (
    -- Any run, an ended one too: the turn goes on behind it (RUN-2).
    SELECT created_position FROM runs WHERE served_position > 0 ORDER BY served_position DESC LIMIT 1
)
SELECT (SELECT position FROM checkpoint WHERE projection = 'read_model') AS position,
       coalesce((SELECT created_position FROM last_served), 0) AS last_served,
       (SELECT coalesce(jsonb_object_agg(pool, open_jobs), '{}') FROM open_by_pool) AS open_jobs,
       (SELECT coalesce(array_agg(pool), '{}') FROM used_pools) AS pools,
       runs.*
FROM (
    SELECT coalesce(array_agg(run_id), '{}') AS run_ids,
           coalesce(array_agg(created_position), '{}') AS created_positions,
           coalesce(array_agg(last_position), '{}') AS last_positions,
           coalesce(array_agg(policy), '{}') AS policies
    FROM active
) AS runs
