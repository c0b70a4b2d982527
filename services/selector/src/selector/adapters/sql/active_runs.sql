SELECT count(DISTINCT runs.run_id) AS runs_active,
       count(*) FILTER (WHERE run_steps.paused) AS steps_paused
FROM runs
LEFT JOIN run_steps ON run_steps.run_id = runs.run_id
WHERE runs.status IN ('pending', 'running') AND NOT runs.paused
