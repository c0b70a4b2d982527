UPDATE votes SET retracted = true WHERE vote_id = ANY(%s::text[]);
