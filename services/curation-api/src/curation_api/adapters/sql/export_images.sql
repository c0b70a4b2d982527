-- Images of one column in the order of their making. The rank is that among all that are exported, not of the page.
SELECT ranked.*
FROM (
    SELECT c.*, r.winner_id IS NOT DISTINCT FROM c.candidate_id AS winner,
           row_number() OVER (ORDER BY c.rating DESC, c.position) AS rank
    FROM candidates c
    JOIN runs r ON r.run_id = c.run_id
    WHERE c.run_id = %(run_id)s AND c.step_order = %(step)s AND c.position <= %(up_to)s
      AND (%(candidate_ids)s::text[] IS NULL OR c.candidate_id IN (SELECT unnest(%(candidate_ids)s::text[])))
      AND CASE %(state)s::text
              WHEN 'live' THEN c.live
              WHEN 'rejected' THEN c.status = 'rejected'
              WHEN 'dead' THEN c.status = 'active' AND NOT c.live
              WHEN 'winner' THEN r.winner_id = c.candidate_id
              ELSE true
          END
) AS ranked
WHERE (%(top)s::integer IS NULL OR ranked.rank <= %(top)s) AND ranked.position > %(after)s
ORDER BY ranked.position
LIMIT %(limit)s
