-- Oldest first. %(after)s is the last image of the page before.
SELECT c.*
FROM candidates c
WHERE c.parent_id = %(candidate_id)s AND c.position > %(after)s
ORDER BY c.position
LIMIT %(limit)s
