SELECT c.* FROM candidates c WHERE c.candidate_id = %(candidate_id)s
