SELECT p.pipeline_id, p.version, array_remove(array_agg(s.step_order ORDER BY s.step_order), NULL) AS orders
FROM pipelines AS p LEFT JOIN steps AS s USING (pipeline_id, version)
WHERE p.pipeline_id = ANY(%s) GROUP BY p.pipeline_id, p.version;
