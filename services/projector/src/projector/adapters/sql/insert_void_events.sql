INSERT INTO void_events (
    position, run_id, type, reason
)
SELECT * FROM unnest(
    %s::bigint[], %s::text[], %s::text[], %s::text[]
);
