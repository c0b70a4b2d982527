-- What happened in each hour from %(since)s on, hours without anything included.
WITH hours AS (
    SELECT generate_series(%(since)s::timestamptz, %(until)s::timestamptz - interval '1 second', interval '1 hour') AS hour
), work AS (
    SELECT date_bin('1 hour', ended_at, %(since)s) AS hour,
           count(*) FILTER (WHERE state = 'completed') AS images,
           count(*) FILTER (WHERE state IN ('failed', 'lost')) AS failed,
           sum(gpu_seconds) AS gpu_seconds
    FROM jobs
    WHERE ended_at >= %(since)s AND (%(run_id)s::text IS NULL OR run_id = %(run_id)s)
    GROUP BY 1
), judged AS (
    SELECT date_bin('1 hour', cast_at, %(since)s) AS hour, count(*) AS votes
    FROM votes
    WHERE cast_at >= %(since)s AND (%(run_id)s::text IS NULL OR run_id = %(run_id)s) AND NOT retracted AND (guest_link IS NULL OR merged)
    GROUP BY 1
)
SELECT hours.hour, coalesce(work.images, 0) AS images, coalesce(work.failed, 0) AS failed,
       coalesce(work.gpu_seconds, 0) AS gpu_seconds, coalesce(judged.votes, 0) AS votes
FROM hours
LEFT JOIN work USING (hour)
LEFT JOIN judged USING (hour)
ORDER BY hours.hour
