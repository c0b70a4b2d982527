-- Pairs of images that several voters judged since %(since)s; of all two votes on one of them, how many say the same.
WITH verdicts AS (
    SELECT least(left_id, right_id) AS first_id, greatest(left_id, right_id) AS second_id,
           CASE outcome WHEN 'left' THEN left_id WHEN 'right' THEN right_id ELSE outcome END AS verdict,
           count(*) AS voters
    FROM votes
    WHERE cast_at >= %(since)s AND (%(run_id)s::text IS NULL OR run_id = %(run_id)s)
      AND NOT retracted AND (guest_link IS NULL OR merged)
    GROUP BY 1, 2, 3
), pairs AS (
    SELECT sum(voters) AS voters, sum(voters * (voters - 1)) AS agreeing
    FROM verdicts
    GROUP BY first_id, second_id
    HAVING sum(voters) > 1
)
SELECT count(*) AS pairs, coalesce(sum(agreeing), 0)::bigint AS agreeing,
       coalesce(sum(voters * (voters - 1)), 0)::bigint AS compared
FROM pairs
