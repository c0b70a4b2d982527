-- The pairs of a column that a voter has voted on; with %(among)s those of these images only. A sub-select is hashed,
-- an array in a prepared statement is searched from its beginning for each vote.
SELECT left_id, right_id
FROM votes
WHERE run_id = %(run_id)s AND voter = %(voter)s AND step_order = %(step_order)s AND NOT retracted
  AND (%(among)s::text[] IS NULL
       OR (left_id IN (SELECT unnest(%(among)s::text[])) AND right_id IN (SELECT unnest(%(among)s::text[]))))
LIMIT %(limit)s
