SELECT run_id, candidate_id, step_order, parent_id, root_id, depth, status, live, reject_reason, reject_note, reject_walk, rating,
    votes, both_bad, failures, live_children, open_jobs, discarded, down_since, pixel_sha256, same_as
FROM candidates WHERE run_id = ANY(%s) ORDER BY position;
