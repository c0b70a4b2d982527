INSERT INTO votes (
    vote_id, run_id, step_order, voter, left_id, right_id, outcome, milliseconds, retracted, guest_link, merged, cast_at,
    position
)
SELECT * FROM unnest(
    %s::text[], %s::text[], %s::integer[], %s::text[], %s::text[], %s::text[], %s::text[], %s::integer[],
    %s::boolean[], %s::text[], %s::boolean[], %s::timestamptz[], %s::bigint[]
);
