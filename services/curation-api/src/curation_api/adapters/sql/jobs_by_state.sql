SELECT state, count(*) AS count FROM jobs GROUP BY state
