SELECT candidate_id, run_id, step_order, parent_id, status = 'rejected' AS rejected, live, discarded, same_as
FROM candidates
WHERE candidate_id = %(candidate_id)s
