-- At least the open jobs that somebody could want to cancel.
SELECT jobs.job_id, jobs.run_id, jobs.pool, jobs.state = 'submitted' AS submitted,
       coalesce(parents.live, true) AS parent_live,
       runs.status AS run_status, runs.paused AS run_paused, run_steps.paused AS step_paused
FROM jobs
JOIN runs ON runs.run_id = jobs.run_id
JOIN run_steps ON run_steps.run_id = jobs.run_id AND run_steps.step_order = jobs.step_order
LEFT JOIN candidates AS parents ON parents.candidate_id = jobs.parent_id
WHERE jobs.state IN ('pending', 'submitted')
  AND (NOT parents.live
       OR jobs.state = 'pending'
          AND (runs.paused OR run_steps.paused OR runs.status NOT IN ('pending', 'running')))
ORDER BY jobs.position
