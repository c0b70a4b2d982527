SELECT step_order AS "order", name, slug, template, needs_prompt, needs_parent, needs_variables, child_cap, pool, result_node
FROM steps
WHERE pipeline_id = %(pipeline_id)s AND version = %(version)s
ORDER BY step_order
LIMIT 1000
