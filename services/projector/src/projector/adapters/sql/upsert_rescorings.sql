INSERT INTO rescorings (
    rescoring_id, system, settings, state, up_to, votes, digest, comparison, position
)
SELECT * FROM unnest(
    %s::text[], %s::text[], %s::jsonb[], %s::text[], %s::bigint[], %s::integer[], %s::text[], %s::jsonb[], %s::bigint[]
)
ON CONFLICT (rescoring_id) DO UPDATE SET
    state = excluded.state, up_to = excluded.up_to, votes = excluded.votes, digest = excluded.digest,
    comparison = excluded.comparison;
