-- One version of a pipeline, the newest where %(version)s is null.
SELECT p.pipeline_id, p.version, p.name, p.description, p.defined_at, p.variables, p.position,
       (SELECT max(version) FROM pipelines newest WHERE newest.pipeline_id = p.pipeline_id) AS last_version
FROM pipelines p
WHERE p.pipeline_id = %(pipeline_id)s AND (%(version)s::integer IS NULL OR p.version = %(version)s)
ORDER BY p.version DESC
LIMIT 1
