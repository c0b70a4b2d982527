-- Whose votes count since %(since)s, the busiest first, and how far they agree with others on the same two images: of each
-- vote on a pair that others judged too, how many they are, and how many say the same. Of more votes than %(newest)s the
-- newest are looked at. A pair is known by 64 bits of a hash, a verdict by a number: both are the same for either side shown
-- left, and thousands of them are grouped sooner than texts.
WITH counted AS MATERIALIZED (
    SELECT voter, milliseconds, outcome,
           hashtextextended(left_id, 0) # hashtextextended(right_id, 0) AS pair,
           CASE WHEN outcome = 'tie' THEN 0 WHEN outcome = 'both_bad' THEN 3
                WHEN (outcome = 'left') = (left_id < right_id) THEN 1 ELSE 2 END AS verdict
    FROM (
        SELECT *
        FROM votes
        WHERE %(run_id)s::text IS NULL OR run_id = %(run_id)s
        ORDER BY position DESC
        LIMIT %(newest)s
    ) AS newest
    WHERE cast_at >= %(since)s AND NOT retracted AND (guest_link IS NULL OR merged)
), pairs AS MATERIALIZED (
    SELECT pair, count(*) - 1 AS others
    FROM counted
    GROUP BY pair
    HAVING count(*) > 1
), compared AS (
    SELECT voter, others, count(*) OVER (PARTITION BY pair, verdict) - 1 AS alike
    FROM counted
    JOIN pairs USING (pair)
), agreements AS MATERIALIZED (
    SELECT voter, sum(alike)::bigint AS agreeing, sum(others)::bigint AS compared
    FROM compared
    GROUP BY voter
), voters AS MATERIALIZED (
    SELECT voter, count(*) AS votes, percentile_cont(0.5) WITHIN GROUP (ORDER BY milliseconds) AS milliseconds_median,
           avg(CASE outcome WHEN 'left' THEN 1 WHEN 'right' THEN 0 END)::double precision AS left_share
    FROM counted
    GROUP BY voter
    ORDER BY votes DESC, voter
    LIMIT 50
)
SELECT voters.*, coalesce(own.agreeing, 0) AS agreeing, coalesce(own.compared, 0) AS compared,
       (SELECT count(*) FROM pairs) AS pairs,
       (SELECT coalesce(sum(agreeing), 0)::bigint FROM agreements) AS all_agreeing,
       (SELECT coalesce(sum(compared), 0)::bigint FROM agreements) AS all_compared
FROM voters
LEFT JOIN agreements AS own USING (voter)
ORDER BY votes DESC, voter
