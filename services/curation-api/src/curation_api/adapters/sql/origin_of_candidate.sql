SELECT j.run_id, j.job_id, j.position
FROM candidates c
JOIN jobs j ON j.job_id = c.job_id
WHERE c.candidate_id = %(candidate_id)s
