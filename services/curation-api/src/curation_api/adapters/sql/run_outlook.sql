-- Per step of a run: places its live parents have left for children made here, and the mean of its 20 newest images.
-- OFFSET 0 keeps the planner on the index of who may grow.
WITH columns AS (
    SELECT r.run_id, s.step_order,
           coalesce(s.child_cap, r.n) AS cap,
           lag(s.step_order) OVER (ORDER BY s.step_order) AS parents_order
    FROM runs r
    JOIN steps s ON s.pipeline_id = r.pipeline_id AND s.version = r.pipeline_version
    WHERE r.run_id = %(run_id)s
)
SELECT columns.step_order, columns.cap,
       coalesce(growing.places, 0)::bigint AS free_places,
       recent.mean_gpu_seconds
FROM columns
CROSS JOIN LATERAL (
    SELECT sum(columns.cap - parents.occupancy) AS places
    FROM (
        SELECT c.live_children + c.open_jobs AS occupancy
        FROM candidates c
        WHERE c.run_id = columns.run_id AND c.step_order = columns.parents_order
          AND c.live AND NOT c.is_final AND c.live_children + c.open_jobs < columns.cap AND NOT c.discarded
        OFFSET 0
    ) AS parents
) AS growing
CROSS JOIN LATERAL (
    SELECT avg(newest.gpu_seconds) AS mean_gpu_seconds
    FROM (
        SELECT c.gpu_seconds
        FROM candidates c
        WHERE c.run_id = columns.run_id AND c.step_order = columns.step_order
        ORDER BY c.position DESC
        LIMIT 20
    ) AS newest
) AS recent
ORDER BY columns.step_order
