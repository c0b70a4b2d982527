SELECT DISTINCT steps.pool
FROM (
    SELECT DISTINCT pipeline_id, pipeline_version FROM runs WHERE status IN ('pending', 'running') AND NOT paused
) AS used
JOIN steps ON steps.pipeline_id = used.pipeline_id AND steps.version = used.pipeline_version
