-- A job with everything that its decision is explained by.
SELECT j.job_id, j.run_id, j.number, j.step_order, s.name AS step_name, j.parent_id, p.step_order AS parent_step_order,
       ps.name AS parent_step_name, j.candidate_id, j.state, j.seed, j.requested_at, j.position, r.profile, j.decision
FROM jobs j
JOIN runs r ON r.run_id = j.run_id
JOIN steps s
  ON s.pipeline_id = r.pipeline_id AND s.version = r.pipeline_version AND s.step_order = j.step_order
LEFT JOIN candidates p ON p.candidate_id = j.parent_id
LEFT JOIN steps ps
  ON ps.pipeline_id = r.pipeline_id AND ps.version = r.pipeline_version AND ps.step_order = p.step_order
WHERE j.job_id = %(job_id)s
