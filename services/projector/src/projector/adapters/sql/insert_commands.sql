INSERT INTO commands (
    event_id, position, subject
)
SELECT * FROM unnest(
    %s::text[], %s::bigint[], %s::text[]
)
ON CONFLICT (event_id) DO NOTHING;
