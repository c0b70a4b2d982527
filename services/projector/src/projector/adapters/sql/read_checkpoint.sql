-- The checkpoint, and how many events directly up to it were parked (at most the given number is looked at).
SELECT c.position, c.fold, (
    SELECT count(*) FROM (
        SELECT position, row_number() OVER (ORDER BY position DESC) AS back
        FROM parked_events ORDER BY position DESC LIMIT %s
    ) AS newest
    WHERE newest.position = c.position - newest.back + 1
) AS parked_in_a_row
FROM checkpoint AS c WHERE c.projection = 'read_model';
