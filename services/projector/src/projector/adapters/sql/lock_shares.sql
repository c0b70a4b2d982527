-- Got only while no process of an earlier rebuild is at work, and given back at once.
SELECT CASE WHEN pg_try_advisory_lock(hashtext('carnival.projector.shares'), hashtext(%(schema)s))
    THEN pg_advisory_unlock(hashtext('carnival.projector.shares'), hashtext(%(schema)s)) ELSE false END
