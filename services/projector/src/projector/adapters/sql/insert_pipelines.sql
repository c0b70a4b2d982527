INSERT INTO pipelines (
    pipeline_id, version, name, description, defined_at, variables, position
)
SELECT * FROM unnest(
    %s::text[], %s::integer[], %s::text[], %s::text[], %s::timestamptz[], %s::jsonb[], %s::bigint[]
);
