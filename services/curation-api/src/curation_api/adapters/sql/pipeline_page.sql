-- The newest version of each pipeline, newest first.
SELECT p.pipeline_id, p.version, p.name, p.description, p.defined_at, p.position,
       ARRAY(
           SELECT s.name FROM steps s
           WHERE s.pipeline_id = p.pipeline_id AND s.version = p.version
           ORDER BY s.step_order
       ) AS steps,
       (SELECT count(*) FROM runs r WHERE r.pipeline_id = p.pipeline_id) AS runs
FROM pipelines p
WHERE p.version = (SELECT max(version) FROM pipelines newest WHERE newest.pipeline_id = p.pipeline_id)
  AND (%(before)s::bigint IS NULL OR p.position < %(before)s)
ORDER BY p.position DESC
LIMIT %(limit)s
