SELECT run_id, name, pipeline_id, pipeline_version, variables
FROM runs
WHERE status IN ('pending', 'running') AND NOT paused
ORDER BY created_position DESC
LIMIT %(limit)s
