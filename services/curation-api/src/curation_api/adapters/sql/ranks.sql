-- The places of some live images in their columns, best first, ties to the older.
SELECT c.candidate_id,
       1 + (
           SELECT count(*)
           FROM candidates better
           WHERE better.run_id = c.run_id AND better.step_order = c.step_order AND better.live
             AND (better.rating > c.rating OR (better.rating = c.rating AND better.position < c.position))
       ) AS rank
FROM candidates c
WHERE c.candidate_id = ANY(%(candidate_ids)s) AND c.live
