-- What rows are found by, beside their keys and what run_indexes.sql has. A rebuild makes these once its tables are full:
-- that is cheaper than keeping them up with every row. Two sessions then share them, each taking the next one; so what
-- takes longest comes first.

CREATE INDEX IF NOT EXISTS votes_column ON votes (run_id, step_order, position);
CREATE INDEX IF NOT EXISTS votes_pair ON votes (left_id, right_id, voter);
CREATE INDEX IF NOT EXISTS votes_voter ON votes (run_id, voter, step_order);
CREATE INDEX IF NOT EXISTS votes_right ON votes (right_id);
CREATE INDEX IF NOT EXISTS votes_position ON votes (position);
-- Votes come nearly in the order of their times.
CREATE INDEX IF NOT EXISTS votes_cast ON votes USING brin (cast_at);

CREATE INDEX IF NOT EXISTS candidates_column ON candidates (run_id, step_order, position);
-- Places, leaders and gates of columns of thousands, and all that pairing asks of a column. A vote then writes its two
-- images into every index; that is cheaper than reading a whole column for each vote, run card, gate and next pair.
CREATE INDEX IF NOT EXISTS candidates_standing ON candidates (run_id, step_order, rating DESC, position)
    INCLUDE (votes, candidate_id, same_as) WHERE live;
CREATE INDEX IF NOT EXISTS candidates_job ON candidates (job_id);
CREATE INDEX IF NOT EXISTS candidates_parent ON candidates (parent_id);
-- Who may still grow is found by occupancy, also among thousands that are full.
CREATE INDEX IF NOT EXISTS candidates_growing ON candidates (run_id, step_order, (live_children + open_jobs))
    WHERE live AND NOT is_final;
CREATE INDEX IF NOT EXISTS candidates_walk ON candidates (reject_walk) WHERE reject_walk IS NOT NULL;
CREATE INDEX IF NOT EXISTS candidates_down ON candidates (down_since) WHERE NOT live AND NOT discarded;
CREATE INDEX IF NOT EXISTS candidates_failing ON candidates (run_id) WHERE live AND failures > 0;

CREATE INDEX IF NOT EXISTS jobs_open ON jobs (pool, run_id) WHERE state IN ('pending', 'submitted');
CREATE INDEX IF NOT EXISTS jobs_parent ON jobs (parent_id);
-- Figures over a time read this alone: a row of jobs is wide with its decision.
CREATE INDEX IF NOT EXISTS jobs_ended ON jobs (ended_at) INCLUDE (
    run_id, step_order, pool, node, state, failure_class, failure_code, gpu_seconds, requested_at, submitted_at
) WHERE ended_at IS NOT NULL;

CREATE INDEX IF NOT EXISTS void_votes_taken ON void_events (run_id) WHERE reason = 'vote_exists';

CREATE INDEX IF NOT EXISTS runs_created ON runs (created_position);
CREATE INDEX IF NOT EXISTS runs_matrix ON runs (matrix_id) WHERE matrix_id IS NOT NULL;
