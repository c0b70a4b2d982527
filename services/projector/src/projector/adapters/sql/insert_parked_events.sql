INSERT INTO parked_events (
    position, subject, reason, headers, body
)
SELECT * FROM unnest(
    %s::bigint[], %s::text[], %s::text[], %s::jsonb[], %s::bytea[]
);
