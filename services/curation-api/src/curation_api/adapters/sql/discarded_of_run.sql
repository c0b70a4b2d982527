SELECT candidate_id FROM candidates WHERE run_id = %(run_id)s AND discarded
