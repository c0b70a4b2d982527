-- Both images, and whether a vote of this voter on the pair stands in either direction (VOTE-2).
SELECT c.candidate_id, c.run_id, c.step_order, c.parent_id, c.status = 'rejected' AS rejected, c.live,
       c.discarded, c.same_as,
       EXISTS (
           SELECT FROM votes v
           WHERE v.run_id = c.run_id AND v.voter = %(voter)s AND v.step_order = c.step_order
             AND NOT v.retracted
             AND (v.left_id, v.right_id) IN ((%(left_id)s, %(right_id)s), (%(right_id)s, %(left_id)s))
       ) AS pair_voted
FROM candidates c
WHERE c.candidate_id IN (%(left_id)s, %(right_id)s)
