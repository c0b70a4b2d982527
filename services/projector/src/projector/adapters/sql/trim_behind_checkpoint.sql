-- New rows are copied ahead of the checkpoint, which moves with the changes of older ones: what came after it goes again.
-- A run that is gone takes along what it had adopted, which bears older positions.
WITH kept AS (SELECT position FROM checkpoint WHERE projection = 'read_model'),
    gone AS (DELETE FROM runs USING kept WHERE created_position > kept.position RETURNING run_id),
    columns AS (DELETE FROM run_steps USING gone WHERE run_steps.run_id = gone.run_id),
    images AS (DELETE FROM candidates USING kept
        WHERE candidates.position > kept.position OR candidates.run_id IN (SELECT run_id FROM gone)),
    requests AS (DELETE FROM jobs USING kept WHERE jobs.position > kept.position),
    ballots AS (DELETE FROM votes USING kept
        WHERE votes.position > kept.position OR votes.run_id IN (SELECT run_id FROM gone)),
    defined AS (DELETE FROM pipelines USING kept WHERE pipelines.position > kept.position RETURNING pipeline_id, version),
    parts AS (DELETE FROM steps USING defined
        WHERE steps.pipeline_id = defined.pipeline_id AND steps.version = defined.version),
    written AS (DELETE FROM commands USING kept WHERE commands.position > kept.position),
    voids AS (DELETE FROM void_events USING kept WHERE void_events.position > kept.position)
DELETE FROM parked_events USING kept WHERE parked_events.position > kept.position
