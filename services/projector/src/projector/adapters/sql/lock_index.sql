-- IF NOT EXISTS alone does not help where two sessions make the same index at once: the second one would fail.
SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s));
