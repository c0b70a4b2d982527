-- All stand at the same place, so the runs can be dealt out anew.
WITH too_many AS (DELETE FROM shares WHERE number >= %(shares)s)
INSERT INTO shares (number, position)
    SELECT further, position FROM shares, generate_series(1, %(shares)s - 1) AS further WHERE number = 0
ON CONFLICT (number) DO NOTHING
