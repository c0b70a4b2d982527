SELECT job_id FROM jobs WHERE run_id = %(run_id)s AND number = %(number)s
