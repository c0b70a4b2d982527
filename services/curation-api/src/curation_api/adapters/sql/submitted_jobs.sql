SELECT job_id FROM jobs WHERE state = 'submitted' LIMIT %(limit)s
