SELECT position FROM commands WHERE event_id = %(event_id)s
