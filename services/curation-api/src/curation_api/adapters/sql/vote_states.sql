SELECT vote_id, run_id, voter, retracted FROM votes WHERE vote_id = ANY(%(vote_ids)s)
