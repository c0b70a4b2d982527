-- How many live images stand below a candidate.
WITH RECURSIVE below AS (
    SELECT candidate_id, live FROM candidates WHERE parent_id = %(candidate_id)s
    UNION ALL
    SELECT child.candidate_id, child.live FROM below JOIN candidates child ON child.parent_id = below.candidate_id
)
SELECT count(*) FILTER (WHERE live) AS count FROM (SELECT live FROM below LIMIT 100000) AS bounded
