-- Votes, newest first.
SELECT vote_id, run_id, step_order, voter, left_id, right_id, outcome, milliseconds, retracted, guest_link, merged, cast_at, position
FROM votes
WHERE (%(run_id)s::text IS NULL OR run_id = %(run_id)s)
  AND (%(voter)s::text IS NULL OR voter = %(voter)s)
  AND (%(candidate_id)s::text IS NULL OR left_id = %(candidate_id)s OR right_id = %(candidate_id)s)
  AND (%(before)s::bigint IS NULL OR position < %(before)s)
ORDER BY position DESC
LIMIT %(limit)s
