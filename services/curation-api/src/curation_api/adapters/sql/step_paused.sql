SELECT paused FROM run_steps WHERE run_id = %(run_id)s AND step_order = %(step_order)s
