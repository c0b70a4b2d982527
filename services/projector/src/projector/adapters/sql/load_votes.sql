SELECT vote_id, run_id, step_order, voter, position, retracted, guest_link, merged FROM votes WHERE vote_id = ANY(%s);
