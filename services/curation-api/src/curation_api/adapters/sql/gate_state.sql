-- One step of a run as a gate, and which step is the run's last.
SELECT s.step_order, last.step_order AS last_order, c.approved_k
FROM runs r
JOIN steps s
  ON s.pipeline_id = r.pipeline_id AND s.version = r.pipeline_version AND s.step_order = %(step_order)s
CROSS JOIN LATERAL (
    SELECT max(step_order) AS step_order FROM steps
    WHERE pipeline_id = r.pipeline_id AND version = r.pipeline_version
) AS last
LEFT JOIN run_steps c ON c.run_id = r.run_id AND c.step_order = s.step_order
WHERE r.run_id = %(run_id)s
