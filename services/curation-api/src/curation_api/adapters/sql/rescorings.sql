SELECT r.rescoring_id, r.system, r.settings, r.state, s.rescoring_id IS NOT NULL AS in_force,
       r.up_to, r.votes, r.digest, r.position
FROM rescorings r
LEFT JOIN rating_system s USING (rescoring_id)
WHERE %(before)s::bigint IS NULL OR r.position < %(before)s
ORDER BY r.position DESC
LIMIT %(limit)s
