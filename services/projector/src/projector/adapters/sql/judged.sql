-- Up to where events are judged, and those without effect that the run's own events do not tell.
SELECT checkpoint.position, ARRAY(
    SELECT position FROM parked_events WHERE subject LIKE ANY(%(subjects)s)
    UNION ALL
    SELECT position FROM void_events WHERE run_id = %(run_id)s AND reason = 'vote_exists'
) AS passed_over
FROM checkpoint WHERE projection = 'read_model'
