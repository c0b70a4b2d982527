-- Reading an index alone works for rows that were vacuumed; those of a fresh read model never were.
VACUUM candidates
