-- Both images of each pair, and whether a vote of its voter on it stands in either direction (VOTE-2).
-- (Counted, because what merely has to exist is looked for in a hash of all votes while the table seems small.)
SELECT asked.place, c.candidate_id, c.run_id, c.step_order, c.parent_id, c.status = 'rejected' AS rejected, c.live,
       c.discarded, c.same_as,
       (
           SELECT count(*) FROM votes v
           WHERE NOT v.retracted
             AND v.left_id = asked.left_id AND v.right_id = asked.right_id AND v.voter = asked.voter
       ) + (
           SELECT count(*) FROM votes v
           WHERE NOT v.retracted
             AND v.left_id = asked.right_id AND v.right_id = asked.left_id AND v.voter = asked.voter
       ) > 0 AS pair_voted
FROM unnest(%(left_ids)s::text[], %(right_ids)s::text[], %(voters)s::text[])
     WITH ORDINALITY AS asked (left_id, right_id, voter, place)
JOIN candidates c ON c.candidate_id = ANY (ARRAY[asked.left_id, asked.right_id])
