-- The sum does not depend on the order of the rows; equal rows have equal text because zone and formats are fixed.
SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {table} AS t;
