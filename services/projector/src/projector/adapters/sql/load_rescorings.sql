SELECT rescoring_id, system, settings, position, state, up_to, votes, digest, comparison
FROM rescorings WHERE rescoring_id = ANY(%s);
