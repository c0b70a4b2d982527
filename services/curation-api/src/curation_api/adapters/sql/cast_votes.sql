-- Votes with their two images as they stand now.
SELECT v.vote_id, v.run_id, v.step_order, v.voter, v.left_id, v.right_id, v.outcome, v.milliseconds, v.retracted,
       v.guest_link, v.merged, v.cast_at, v.position,
       l.rating AS left_rating, l.votes AS left_votes, l.both_bad AS left_both_bad, l.live AS left_live,
       r.rating AS right_rating, r.votes AS right_votes, r.both_bad AS right_both_bad, r.live AS right_live
FROM votes v
JOIN candidates l ON l.candidate_id = v.left_id
JOIN candidates r ON r.candidate_id = v.right_id
WHERE v.vote_id = ANY(%(vote_ids)s)
