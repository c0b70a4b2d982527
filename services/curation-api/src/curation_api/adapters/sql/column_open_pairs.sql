-- How many pairs of a column a voter has not voted on. Images that show the same form no pair (VOTE-8), and a pair has
-- one vote of a voter at the most that counts (VOTE-2).
WITH entrants AS MATERIALIZED (
    SELECT candidate_id, same_as
    FROM candidates
    WHERE run_id = %(run_id)s AND step_order = %(step_order)s AND live
), alike AS (
    SELECT count(*) AS copies, bool_or(original.candidate_id IS NOT NULL)::integer AS originals
    FROM entrants copy
    LEFT JOIN entrants original ON original.candidate_id = copy.same_as
    WHERE copy.same_as IS NOT NULL
    GROUP BY copy.same_as
), voted AS (
    SELECT count(*) AS pairs
    FROM votes v
    JOIN entrants one ON one.candidate_id = v.left_id
    JOIN entrants other ON other.candidate_id = v.right_id
    WHERE v.run_id = %(run_id)s AND v.voter = %(voter)s AND v.step_order = %(step_order)s AND NOT v.retracted
      AND coalesce(one.same_as, one.candidate_id) <> coalesce(other.same_as, other.candidate_id)
)
SELECT (SELECT count(*) * (count(*) - 1) / 2 FROM entrants)
     - (SELECT coalesce(sum((copies + originals) * (copies + originals - 1) / 2), 0)::bigint FROM alike)
     - (SELECT pairs FROM voted) AS open_pairs
