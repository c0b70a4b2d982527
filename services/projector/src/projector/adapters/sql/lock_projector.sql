-- Held by the session; another session of the same projection gets false and stands by.
SELECT pg_try_advisory_lock(hashtext('carnival.projector'), hashtext(%s));
