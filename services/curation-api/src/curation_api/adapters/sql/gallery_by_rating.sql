-- Best first, ties to the older. %(after_rating)s and %(after_position)s are the last image of the page before.
SELECT c.*
FROM candidates c
JOIN runs r ON r.run_id = c.run_id
WHERE (%(run_id)s::text IS NULL OR c.run_id = %(run_id)s)
  AND (%(step)s::integer IS NULL OR c.step_order = %(step)s)
  AND CASE %(state)s::text
          WHEN 'live' THEN c.live
          WHEN 'rejected' THEN c.status = 'rejected'
          WHEN 'dead' THEN c.status = 'active' AND NOT c.live
          WHEN 'winner' THEN r.winner_id = c.candidate_id
          ELSE true
      END
  AND (%(rating_min)s::integer IS NULL OR c.rating >= %(rating_min)s)
  AND (%(rating_max)s::integer IS NULL OR c.rating <= %(rating_max)s)
  AND (%(variables)s::jsonb IS NULL OR r.variables @> %(variables)s::jsonb)
  AND (%(created_from)s::timestamptz IS NULL OR c.created_at >= %(created_from)s)
  AND (%(created_before)s::timestamptz IS NULL OR c.created_at < %(created_before)s)
  AND (%(text)s::text IS NULL OR r.name ILIKE %(text)s OR r.prompt ILIKE %(text)s)
  AND (%(after_position)s::bigint IS NULL
       OR c.rating < %(after_rating)s::integer
       OR (c.rating = %(after_rating)s::integer AND c.position > %(after_position)s))
ORDER BY c.rating DESC, c.position
LIMIT %(limit)s
