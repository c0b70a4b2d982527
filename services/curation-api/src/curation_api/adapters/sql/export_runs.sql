-- Runs in the order of their creation; %(after)s is the last run of the page before.
SELECT r.run_id, r.name, r.prompt, r.variables, r.pipeline_version, p.name AS pipeline_name, r.created_position
FROM runs r
JOIN pipelines p ON p.pipeline_id = r.pipeline_id AND p.version = r.pipeline_version
WHERE (%(run_ids)s::text[] IS NULL OR r.run_id = ANY(%(run_ids)s))
  AND r.created_position > %(after)s
ORDER BY r.created_position
LIMIT %(limit)s
