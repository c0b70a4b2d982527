SELECT c.* FROM candidates c WHERE c.parent_id = %(candidate_id)s ORDER BY c.position LIMIT %(limit)s
