-- How far each share of a rebuild has come: what it has written behind that is not complete. At first there is one.
CREATE TABLE IF NOT EXISTS shares (number integer PRIMARY KEY, position bigint NOT NULL);
CREATE OR REPLACE FUNCTION share_of(run_id text, shares bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
    RETURN coalesce(get_byte(sha256(convert_to(run_id, 'UTF8')), 0) % shares, 0);
INSERT INTO shares (number, position)
    SELECT 0, position FROM checkpoint WHERE projection = 'read_model' AND NOT EXISTS (SELECT FROM shares);
