SELECT vote_id, run_id, step_order, voter, retracted, position FROM votes WHERE vote_id = ANY(%s);
