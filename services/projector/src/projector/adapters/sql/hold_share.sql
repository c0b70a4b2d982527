-- Held by the session of a process that folds a share.
SELECT pg_try_advisory_lock_shared(hashtext('carnival.projector.shares'), hashtext(%s))
