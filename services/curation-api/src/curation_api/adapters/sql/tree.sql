SELECT candidate_id, parent_id, step_order, depth, status, live, rating, votes, failures, children, live_children,
       open_jobs, same_as, width, height, position
FROM candidates
WHERE run_id = %(run_id)s AND position > %(after)s
ORDER BY position
LIMIT %(limit)s
