SELECT event_id, position FROM commands WHERE event_id = ANY(%(event_ids)s)
