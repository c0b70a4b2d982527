-- Both images of each pair, and whether a vote of its voter on it stands in either direction (VOTE-2).
SELECT asked.place, c.candidate_id, c.run_id, c.step_order, c.parent_id, c.status = 'rejected' AS rejected, c.live,
       c.discarded, c.same_as,
       EXISTS (
           SELECT FROM votes v
           WHERE NOT v.retracted
             AND (v.left_id, v.right_id, v.voter) IN (
                 (asked.left_id, asked.right_id, asked.voter), (asked.right_id, asked.left_id, asked.voter)
             )
       ) AS pair_voted
FROM unnest(%(left_ids)s::text[], %(right_ids)s::text[], %(voters)s::text[])
     WITH ORDINALITY AS asked (left_id, right_id, voter, place)
JOIN candidates c ON c.candidate_id = ANY (ARRAY[asked.left_id, asked.right_id])
