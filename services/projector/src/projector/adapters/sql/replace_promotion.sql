WITH gone AS (DELETE FROM rating_system WHERE rescoring_id <> %(rescoring_id)s)
INSERT INTO rating_system (rescoring_id, system, settings, position)
VALUES (%(rescoring_id)s, %(system)s, %(settings)s, %(position)s)
ON CONFLICT (rescoring_id) DO UPDATE SET
    system = excluded.system, settings = excluded.settings, position = excluded.position;
