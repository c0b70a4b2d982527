-- From the base image to the candidate. The depth is bounded by the number of steps; the limit is for damaged data.
WITH RECURSIVE upwards AS (
    SELECT c.* FROM candidates c WHERE c.candidate_id = %(candidate_id)s
    UNION ALL
    SELECT parent.* FROM upwards JOIN candidates parent ON parent.candidate_id = upwards.parent_id
)
SELECT * FROM (SELECT * FROM upwards LIMIT 1000) AS path ORDER BY depth
