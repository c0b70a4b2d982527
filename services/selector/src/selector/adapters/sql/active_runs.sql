SELECT run_id, created_position, last_position
FROM runs
WHERE status IN ('pending', 'running') AND NOT paused
