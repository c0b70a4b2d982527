INSERT INTO steps (
    pipeline_id, version, step_order, name, slug, pool, needs_prompt, needs_parent, needs_variables,
    child_cap, result_node, template
)
SELECT * FROM unnest(
    %s::text[], %s::integer[], %s::integer[], %s::text[], %s::text[], %s::text[], %s::boolean[],
    %s::boolean[], %s::boolean[], %s::integer[], %s::text[], %s::text[]
);
