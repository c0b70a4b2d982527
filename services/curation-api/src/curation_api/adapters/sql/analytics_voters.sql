-- Whose votes count since %(since)s, the busiest first, and how far the others said the same of the same two images.
SELECT voter, count(*) AS votes, percentile_cont(0.5) WITHIN GROUP (ORDER BY milliseconds) AS milliseconds_median,
       avg(CASE outcome WHEN 'left' THEN 1 WHEN 'right' THEN 0 END)::double precision AS left_share,
       sum(alike - 1)::double precision / nullif(sum(together - 1), 0)::double precision AS agreement
FROM (
    SELECT voter, milliseconds, outcome,
           count(*) OVER (PARTITION BY first_id, second_id) AS together,
           count(*) OVER (PARTITION BY first_id, second_id, verdict) AS alike
    FROM (
        SELECT voter, milliseconds, outcome, least(left_id, right_id) AS first_id,
               greatest(left_id, right_id) AS second_id,
               CASE outcome WHEN 'left' THEN left_id WHEN 'right' THEN right_id ELSE outcome END AS verdict
        FROM votes
        WHERE cast_at >= %(since)s AND (%(run_id)s::text IS NULL OR run_id = %(run_id)s)
          AND NOT retracted AND (guest_link IS NULL OR merged)
    ) AS counted
) AS compared
GROUP BY voter
ORDER BY votes DESC, voter
LIMIT 50
