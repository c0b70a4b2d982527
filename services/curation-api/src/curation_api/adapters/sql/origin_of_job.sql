SELECT run_id, job_id, position FROM jobs WHERE job_id = %(job_id)s
