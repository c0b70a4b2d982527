UPDATE votes v SET retracted = n.retracted, merged = n.merged
FROM unnest(%s::text[], %s::boolean[], %s::boolean[]) AS n (vote_id, retracted, merged)
WHERE v.vote_id = n.vote_id;
