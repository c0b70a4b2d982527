-- The votes that a run was sent, by position: those that stand as they were cast, of the others where they are. Votes
-- that it adopted are older than the run itself. What was parked moves the run as a void vote does. Each part is ordered
-- and limited by itself: it then comes in the order of an index, and no more of it is read than is wanted, also where
-- statistics are old.
WITH own AS (SELECT greatest(%(after)s, created_position) AS after FROM runs WHERE run_id = %(run_id)s)
(
    SELECT position, vote_id, step_order, voter, left_id, right_id, outcome, milliseconds, guest_link, cast_at
    FROM votes
    WHERE run_id = %(run_id)s AND position > (SELECT after FROM own) AND position <= %(until)s
    ORDER BY position
    LIMIT %(limit)s
)
UNION ALL
(
    SELECT position, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM void_events
    WHERE run_id = %(run_id)s AND type = 'VoteCast' AND position > (SELECT after FROM own) AND position <= %(until)s
    ORDER BY position
    LIMIT %(limit)s
)
UNION ALL
(
    SELECT position, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM parked_events
    WHERE subject LIKE %(below)s AND position > (SELECT after FROM own) AND position <= %(until)s
    ORDER BY position
    LIMIT %(limit)s
)
ORDER BY position
LIMIT %(limit)s
