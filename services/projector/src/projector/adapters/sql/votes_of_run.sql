-- The votes that a run was sent, by position: those that stand as they were cast, of the others where they are. Votes
-- that it adopted are older than the run itself. What was parked moves the run as a void vote does.
WITH own AS (SELECT greatest(%(after)s, created_position) AS after FROM runs WHERE run_id = %(run_id)s)
SELECT votes.position, vote_id, step_order, voter, left_id, right_id, outcome, milliseconds, guest_link, cast_at
FROM votes, own
WHERE run_id = %(run_id)s AND votes.position > own.after AND votes.position <= %(until)s
UNION ALL
SELECT void_events.position, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM void_events, own
WHERE run_id = %(run_id)s AND type = 'VoteCast' AND void_events.position > own.after AND void_events.position <= %(until)s
UNION ALL
SELECT parked_events.position, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM parked_events, own
WHERE subject LIKE %(below)s AND parked_events.position > own.after AND parked_events.position <= %(until)s
ORDER BY position
LIMIT %(limit)s
