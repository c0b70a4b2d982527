SELECT voter, guest_link, count(*) AS votes, count(*) FILTER (WHERE merged) AS merged,
       min(cast_at) AS first_at, max(cast_at) AS last_at
FROM votes
WHERE run_id = %(run_id)s AND guest_link IS NOT NULL AND NOT retracted
GROUP BY voter, guest_link
ORDER BY votes DESC, voter
LIMIT %(limit)s
