-- Any run, an ended one too: the turn goes on behind it (RUN-2).
SELECT created_position FROM runs WHERE served_position > 0 ORDER BY served_position DESC LIMIT 1
