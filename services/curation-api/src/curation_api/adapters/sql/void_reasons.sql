SELECT position, reason FROM void_events WHERE position = ANY(%(positions)s::bigint[])
