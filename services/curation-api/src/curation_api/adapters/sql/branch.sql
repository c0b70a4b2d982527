-- What hangs on some images, themselves included, by step: what a kill takes along, or has taken.
WITH RECURSIVE branch AS (
    SELECT candidate_id, step_order, status, live, open_jobs FROM candidates WHERE candidate_id = %(candidate_id)s
    UNION ALL
    SELECT child.candidate_id, child.step_order, child.status, child.live, child.open_jobs
    FROM branch
    JOIN candidates child ON child.parent_id = branch.candidate_id
)
SELECT step_order,
       count(*) FILTER (WHERE live) AS live,
       count(*) FILTER (WHERE status = 'active' AND NOT live) AS dead,
       sum(open_jobs) AS open_jobs
FROM (SELECT * FROM branch LIMIT 100000) AS bounded
GROUP BY step_order
ORDER BY step_order
