-- From the base to the candidate. The depth is bounded by the number of steps; the limit is for damaged data.
WITH RECURSIVE upwards AS (
    SELECT candidate_id, run_id, step_order, parent_id, status, live, reject_walk, depth
    FROM candidates
    WHERE candidate_id = %(candidate_id)s
    UNION ALL
    SELECT parent.candidate_id, parent.run_id, parent.step_order, parent.parent_id, parent.status, parent.live,
           parent.reject_walk, parent.depth
    FROM upwards
    JOIN candidates parent ON parent.candidate_id = upwards.parent_id
)
SELECT candidate_id, run_id, step_order, parent_id, status = 'rejected' AS rejected, live, reject_walk AS walk_id
FROM (SELECT * FROM upwards LIMIT 1000) AS path
ORDER BY depth
