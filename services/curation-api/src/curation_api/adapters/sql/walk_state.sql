-- The live images of the parent's column, the parent itself left out, as one voter has judged them (KILL-3).
-- One that shows the same as the parent counts as compared: there is nothing to vote on.
WITH compared AS (
    SELECT CASE WHEN v.left_id = %(parent_id)s THEN v.right_id ELSE v.left_id END AS candidate_id
    FROM candidates parent
    JOIN votes v ON v.run_id = parent.run_id AND v.voter = %(voter)s AND v.step_order = parent.step_order
    WHERE parent.candidate_id = %(parent_id)s
      AND NOT v.retracted
      AND %(parent_id)s IN (v.left_id, v.right_id)
)
SELECT neighbour.candidate_id,
       neighbour.parent_id IS NOT DISTINCT FROM parent.parent_id AS is_sibling,
       neighbour.candidate_id IN (SELECT candidate_id FROM compared)
           OR coalesce(neighbour.same_as, neighbour.candidate_id) = coalesce(parent.same_as, parent.candidate_id)
           AS compared,
       neighbour.votes,
       neighbour.position
FROM candidates parent
JOIN candidates neighbour
  ON neighbour.run_id = parent.run_id
 AND neighbour.step_order = parent.step_order
 AND neighbour.live
 AND neighbour.candidate_id <> parent.candidate_id
WHERE parent.candidate_id = %(parent_id)s
ORDER BY compared, is_sibling DESC, neighbour.votes, neighbour.position
LIMIT %(limit)s
