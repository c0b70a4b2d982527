-- What the rows of a run are found by, beside their keys: all that load_*.sql need. A rebuild makes these as soon as it
-- has to load runs that it has written before.

CREATE INDEX IF NOT EXISTS votes_run ON votes (run_id, position);
CREATE INDEX IF NOT EXISTS votes_guests ON votes (run_id, guest_link, voter) WHERE guest_link IS NOT NULL;
CREATE INDEX IF NOT EXISTS candidates_run ON candidates (run_id, position);
