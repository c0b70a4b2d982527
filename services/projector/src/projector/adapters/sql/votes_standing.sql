SELECT coalesce(sum(votes), 0)::bigint FROM runs WHERE rating IS NULL;
