SELECT (SELECT count(*) FROM void_events) AS void_events, (SELECT count(*) FROM parked_events) AS parked_events
