UPDATE candidates SET
    status = changed.status, live = changed.live, reject_reason = changed.reject_reason,
    reject_note = changed.reject_note, reject_walk = changed.reject_walk, rating = changed.rating, votes = changed.votes,
    both_bad = changed.both_bad, failures = changed.failures, children = changed.children,
    live_children = changed.live_children, open_jobs = changed.open_jobs, discarded = changed.discarded,
    down_since = changed.down_since
FROM unnest(
    %s::text[], %s::text[], %s::boolean[], %s::text[], %s::text[], %s::text[], %s::integer[], %s::integer[],
    %s::integer[], %s::integer[], %s::integer[], %s::integer[], %s::integer[], %s::boolean[],
    %s::timestamptz[]
) AS changed (
    candidate_id, status, live, reject_reason, reject_note, reject_walk, rating, votes, both_bad, failures, children,
    live_children, open_jobs, discarded, down_since
)
WHERE candidates.candidate_id = changed.candidate_id;
