-- What was done since %(since)s, over all runs.
SELECT work.*, judged.*
FROM (
    SELECT count(*) FILTER (WHERE state = 'completed') AS images,
           count(*) FILTER (WHERE state IN ('failed', 'lost')) AS failed,
           coalesce(sum(gpu_seconds), 0) AS gpu_seconds
    FROM jobs
    WHERE ended_at >= %(since)s
) AS work
CROSS JOIN (
    SELECT count(*) AS votes
    FROM votes
    WHERE cast_at >= %(since)s AND NOT retracted AND (guest_link IS NULL OR merged)
) AS judged
