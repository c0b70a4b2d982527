-- Whose votes count since %(since)s, the busiest first.
SELECT voter, count(*) AS votes, percentile_cont(0.5) WITHIN GROUP (ORDER BY milliseconds) AS milliseconds_median,
       avg(CASE outcome WHEN 'left' THEN 1 WHEN 'right' THEN 0 END)::double precision AS left_share
FROM votes
WHERE cast_at >= %(since)s AND (%(run_id)s::text IS NULL OR run_id = %(run_id)s) AND NOT retracted AND (guest_link IS NULL OR merged)
GROUP BY voter
ORDER BY votes DESC, voter
LIMIT 50
