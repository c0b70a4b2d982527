-- Gated runs: the K best live candidates of each approved column, of equals the older one (GATE-3, GATE-4).
SELECT best.candidate_id, best.run_id, best.step_order, best.rating, best.live_children + best.open_jobs AS occupancy,
       best.failures, best.live, best.discarded, best.position, best.place, best.sha256
FROM run_steps
JOIN runs ON runs.run_id = run_steps.run_id
CROSS JOIN LATERAL (
    SELECT *
    FROM candidates
    WHERE candidates.run_id = run_steps.run_id AND candidates.step_order = run_steps.step_order
      AND candidates.live AND NOT candidates.is_final
    ORDER BY candidates.rating DESC, candidates.position
    LIMIT run_steps.approved_k
) AS best
WHERE run_steps.run_id = ANY(%(run_ids)s) AND run_steps.approved_k IS NOT NULL
  AND runs.profile = 'gated' AND NOT runs.paused AND runs.status IN ('pending', 'running')
