-- Votes of a run that count, step by step, in log order; %(after_step)s and %(after_position)s are the last vote of the
-- page before.
SELECT v.vote_id, v.step_order, v.voter, v.guest_link IS NOT NULL AS of_guest, v.outcome, v.milliseconds, v.cast_at, v.position,
       v.left_id, l.place AS left_place, l.sha256 AS left_sha256, l.seed::text AS left_seed,
       l.discarded AS left_discarded,
       v.right_id, r.place AS right_place, r.sha256 AS right_sha256, r.seed::text AS right_seed,
       r.discarded AS right_discarded
FROM votes v
JOIN candidates l ON l.candidate_id = v.left_id
JOIN candidates r ON r.candidate_id = v.right_id
WHERE v.run_id = %(run_id)s AND NOT v.retracted AND (%(guests)s OR v.merged OR v.guest_link IS NULL) AND v.position <= %(up_to)s
  AND (%(both_bad)s OR v.outcome <> 'both_bad')
  AND (%(step)s::integer IS NULL OR v.step_order = %(step)s)
  AND (v.step_order, v.position) > (%(after_step)s, %(after_position)s)
ORDER BY v.step_order, v.position
LIMIT %(limit)s
