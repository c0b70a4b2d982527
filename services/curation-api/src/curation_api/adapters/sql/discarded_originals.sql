SELECT place, sha256, width, height FROM candidates WHERE candidate_id = ANY(%(candidate_ids)s) AND discarded
