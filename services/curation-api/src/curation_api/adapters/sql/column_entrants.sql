-- The %(least)s live images of a column with the fewest votes, and all that have as many as the last of them.
SELECT candidate_id, votes, picture
FROM (
    SELECT candidate_id, votes, coalesce(same_as, candidate_id) AS picture, position
    FROM candidates
    WHERE run_id = %(run_id)s AND step_order = %(step_order)s AND live
    ORDER BY votes
    FETCH FIRST %(least)s ROWS WITH TIES
) AS least_voted
ORDER BY votes, position
LIMIT %(limit)s
