-- The three best live images of the final step of some runs, ties to the older (WIN-1).
SELECT r.run_id, best.candidate_id, best.rating, best.votes
FROM runs r
CROSS JOIN LATERAL (
    SELECT c.candidate_id, c.rating, c.votes, c.position
    FROM candidates c
    WHERE c.run_id = r.run_id AND c.live
      AND c.step_order = (
          SELECT max(s.step_order) FROM steps s
          WHERE s.pipeline_id = r.pipeline_id AND s.version = r.pipeline_version
      )
    ORDER BY c.rating DESC, c.position
    LIMIT 3
) AS best
WHERE r.run_id = ANY(%(run_ids)s)
ORDER BY r.run_id, best.rating DESC, best.position
