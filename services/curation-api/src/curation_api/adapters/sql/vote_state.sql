SELECT vote_id, run_id, voter, retracted FROM votes WHERE vote_id = %(vote_id)s
