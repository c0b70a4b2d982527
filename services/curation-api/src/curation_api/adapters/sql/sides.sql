SELECT candidate_id, parent_id, width, height FROM candidates WHERE candidate_id = ANY(%(candidate_ids)s)
