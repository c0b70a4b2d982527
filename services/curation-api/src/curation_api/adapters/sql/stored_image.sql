SELECT place, sha256, media_type, discarded, width, height FROM candidates WHERE candidate_id = %(candidate_id)s
