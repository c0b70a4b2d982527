-- Rows of a share are copied ahead of its position, which moves with the changes of older ones: what came after it goes
-- again. A run that is gone takes along what it had adopted, which bears older positions.
WITH kept AS (SELECT number, position, count(*) OVER () AS shares FROM shares),
    gone AS (DELETE FROM runs USING kept
        WHERE share_of(run_id, kept.shares) = kept.number AND created_position > kept.position RETURNING run_id),
    columns AS (DELETE FROM run_steps USING gone WHERE run_steps.run_id = gone.run_id),
    images AS (DELETE FROM candidates USING kept
        WHERE share_of(run_id, kept.shares) = kept.number
        AND (candidates.position > kept.position OR candidates.run_id IN (SELECT run_id FROM gone))),
    requests AS (DELETE FROM jobs USING kept
        WHERE share_of(run_id, kept.shares) = kept.number AND jobs.position > kept.position),
    ballots AS (DELETE FROM votes USING kept
        WHERE share_of(run_id, kept.shares) = kept.number
        AND (votes.position > kept.position OR votes.run_id IN (SELECT run_id FROM gone))),
    defined AS (DELETE FROM pipelines USING kept
        WHERE kept.number = 0 AND pipelines.position > kept.position RETURNING pipeline_id, version),
    parts AS (DELETE FROM steps USING defined
        WHERE steps.pipeline_id = defined.pipeline_id AND steps.version = defined.version),
    written AS (DELETE FROM commands USING kept
        WHERE share_of(substring(subject FROM %(run)s), kept.shares) = kept.number AND commands.position > kept.position),
    voids AS (DELETE FROM void_events USING kept
        WHERE share_of(run_id, kept.shares) = kept.number AND void_events.position > kept.position)
DELETE FROM parked_events USING kept
    WHERE share_of(substring(subject FROM %(run)s), kept.shares) = kept.number AND parked_events.position > kept.position
