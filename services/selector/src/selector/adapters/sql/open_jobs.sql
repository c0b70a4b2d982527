SELECT pool, state, count(*) AS jobs, min(CASE state WHEN 'pending' THEN requested_at ELSE submitted_at END) AS oldest
FROM jobs
WHERE state IN ('pending', 'submitted')
GROUP BY pool, state
