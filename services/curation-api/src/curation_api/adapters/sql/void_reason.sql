SELECT reason FROM void_events WHERE position = %(position)s
