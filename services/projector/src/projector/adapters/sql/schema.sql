-- The read model. The projector alone writes it; the others read it with a read-only role.
-- Everything here can be dropped and folded again from the log. Times come from the events, never from the clock.
-- Unqualified names: the schema is chosen by search_path, so that a rebuild fills a fresh one beside the live one.

CREATE TABLE checkpoint (
    projection text PRIMARY KEY,
    position   bigint NOT NULL,
    fold       integer NOT NULL          -- version of the fold that wrote these rows; another one asks for a rebuild
);

CREATE TABLE pipelines (
    pipeline_id text NOT NULL,
    version     integer NOT NULL,
    name        text NOT NULL,
    description text NOT NULL,
    defined_at  timestamptz NOT NULL,
    variables   jsonb NOT NULL,          -- those declared, as in PipelineDefined
    position    bigint NOT NULL,
    PRIMARY KEY (pipeline_id, version)
);

CREATE TABLE steps (
    pipeline_id     text NOT NULL,
    version         integer NOT NULL,
    step_order      integer NOT NULL,
    name            text NOT NULL,
    slug            text NOT NULL,
    pool            text NOT NULL,
    needs_prompt    boolean NOT NULL,
    needs_parent    boolean NOT NULL,
    needs_variables boolean NOT NULL,
    child_cap       integer,             -- replaces N for the children made AT this step (SEL-13)
    result_node     text,
    template        text NOT NULL,
    PRIMARY KEY (pipeline_id, version, step_order)
);

CREATE TABLE runs (
    run_id           text PRIMARY KEY,
    pipeline_id      text NOT NULL,
    pipeline_version integer NOT NULL,
    name             text NOT NULL,
    prompt           text,
    variables        jsonb NOT NULL,
    folder           text NOT NULL,
    profile          text NOT NULL,      -- autonomous | gated
    status           text NOT NULL,      -- pending | running | completed | failed
    paused           boolean NOT NULL,
    pause_reason     text NOT NULL,
    n                integer NOT NULL,
    t                integer NOT NULL,
    ceiling_images       integer,
    ceiling_gpu_seconds  double precision,
    ceiling_deadline     timestamptz,
    last_job_number  integer NOT NULL,   -- highest job number so far, 0 before the first
    open_jobs        integer NOT NULL,
    open_live_jobs   integer NOT NULL,   -- open jobs whose parent (if any) is live: each promises one final (DEF-3)
    live_finals      integer NOT NULL,
    images           integer NOT NULL,   -- images ever produced
    votes            integer NOT NULL,   -- votes that count (not void, not retracted)
    gpu_seconds      double precision NOT NULL,
    winner_id        text,
    rating           jsonb,              -- system and settings this run is pinned to; null: the promoted one
    matrix_id        text,               -- shared by runs that were started together
    cell             jsonb,              -- its place there, as in RunStarted
    created_at       timestamptz NOT NULL,
    created_position bigint NOT NULL,    -- creation order
    last_position    bigint NOT NULL,    -- last event of this run, void ones included: the selector's expectation
    served_position  bigint NOT NULL,    -- last JobRequested of this run, 0 if none: the turn in round robin (RUN-2)
    origin           jsonb,              -- the run and position it was forked from; null: it began empty
    policy           text,               -- round_robin | global; null: that of the selector
    raffle           jsonb NOT NULL      -- how its ratings become tickets
);

CREATE TABLE run_steps (                 -- one row per run and step: what happens in that column of the tree
    run_id               text NOT NULL,
    step_order           integer NOT NULL,
    approved_k           integer,        -- gated profile (GATE-3); null: not approved
    approved_position    bigint,
    paused               boolean NOT NULL,
    pause_reason         text NOT NULL,
    consecutive_failures integer NOT NULL, -- failed jobs of this step since its last image or resume, cancellations left out
    last_failure_class   text,
    last_failure_code    text,
    last_failure_message text,
    outage_at_job        integer NOT NULL, -- the run's last job when one of infrastructure was last counted; 0: none was
    live                 integer NOT NULL,
    rejected             integer NOT NULL,
    dead                 integer NOT NULL,
    open_jobs            integer NOT NULL,
    PRIMARY KEY (run_id, step_order)
);

CREATE TABLE candidates (
    candidate_id  text PRIMARY KEY,
    run_id        text NOT NULL,
    step_order    integer NOT NULL,
    is_final      boolean NOT NULL,
    parent_id     text,
    root_id       text NOT NULL,         -- the base candidate this one descends from (itself for a base)
    depth         integer NOT NULL,      -- 0 for a base
    job_id        text NOT NULL,         -- an adopted candidate has that of the run it comes from
    job_number    integer NOT NULL,
    status        text NOT NULL,         -- own status: active | rejected
    live          boolean NOT NULL,      -- active and no rejected ancestor
    reject_reason text,                  -- killed | failures | late
    reject_note   text NOT NULL,
    reject_walk   text,                  -- the kill-left walk that rejected it: one undo restores them all
    rating        integer NOT NULL,      -- 1000 at birth (MOD-4)
    votes         integer NOT NULL,
    both_bad      integer NOT NULL,
    failures      integer NOT NULL,      -- content failures of jobs below it (FAIL-1)
    children      integer NOT NULL,      -- all direct children ever
    live_children integer NOT NULL,      -- CNT-1, CNT-2
    open_jobs     integer NOT NULL,      -- occupancy = live_children + open_jobs (CNT-3)
    place         text NOT NULL,         -- path below the image store's root
    sha256        text NOT NULL,         -- of the file
    pixel_sha256  text,                  -- of what it shows; null: not known
    same_as       text,                  -- the oldest candidate of the column that shows the same; null for that one
    size_bytes    bigint NOT NULL,
    width         integer NOT NULL,
    height        integer NOT NULL,
    media_type    text NOT NULL,
    discarded     boolean NOT NULL,
    down_since    timestamptz,           -- when it was rejected or died; null while it is live
    seed          numeric NOT NULL,
    node          text NOT NULL,
    gpu_seconds   double precision NOT NULL,
    created_at    timestamptz NOT NULL,
    position      bigint NOT NULL,       -- creation order
    source_id     text                   -- the candidate of another run that was adopted; null: made for this run
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05); -- reading an index alone wants it vacuumed

CREATE TABLE jobs (
    job_id          text PRIMARY KEY,
    run_id          text NOT NULL,
    number          integer NOT NULL,
    step_order      integer NOT NULL,
    parent_id       text,
    pool            text NOT NULL,
    state           text NOT NULL,       -- pending | submitted | completed | failed | cancelled | lost
    seed            numeric NOT NULL,
    mode            text NOT NULL,
    decision        jsonb NOT NULL,
    gateway         text,
    node            text,
    prompt_id       text,
    attempt         integer NOT NULL,
    failure_class   text,
    failure_code    text,
    message         text,
    cancel_reason   text,
    candidate_id    text,
    gpu_seconds     double precision NOT NULL,
    requested_at    timestamptz NOT NULL,
    submitted_at    timestamptz,
    ended_at        timestamptz,
    position        bigint NOT NULL,
    UNIQUE (run_id, number)
) WITH (fillfactor = 80);

CREATE TABLE votes (                     -- votes that are not void, in log order
    vote_id      text PRIMARY KEY,
    run_id       text NOT NULL,
    step_order   integer NOT NULL,
    voter        text NOT NULL,
    left_id      text NOT NULL,
    right_id     text NOT NULL,
    outcome      text NOT NULL,          -- left | right | tie | both_bad
    milliseconds integer,
    retracted    boolean NOT NULL,
    guest_link   text,                   -- the link by which a guest came; null: a member's vote
    merged       boolean NOT NULL,       -- of a guest's vote: whether it counts, else it is kept apart
    cast_at      timestamptz NOT NULL,
    position     bigint NOT NULL
);

CREATE TABLE commands (                  -- events of curation-api by id: a command sent again finds its first answer (EVT-2)
    event_id text PRIMARY KEY,
    position bigint NOT NULL,
    subject  text NOT NULL
);

CREATE TABLE void_events (
    position bigint PRIMARY KEY,
    run_id   text,
    type     text NOT NULL,
    reason   text NOT NULL
);

CREATE TABLE parked_events (             -- what no fold could read or apply; counted, shown, never guessed
    position bigint PRIMARY KEY,
    subject  text NOT NULL,
    reason   text NOT NULL,
    headers  jsonb NOT NULL,
    body     bytea NOT NULL
);

CREATE TABLE rescorings (
    rescoring_id text PRIMARY KEY,
    system       text NOT NULL,
    settings     jsonb NOT NULL,
    state        text NOT NULL,          -- requested | finished | promoted (once, perhaps not now) | dropped
    up_to        bigint,
    votes        integer,
    digest       text,
    comparison   jsonb,                  -- against the ratings in force at up_to; see Comparison in the contracts
    position     bigint NOT NULL
);

CREATE TABLE rating_system (             -- the promoted one; no row: nothing was promoted, elo rates
    rescoring_id text PRIMARY KEY,
    system       text NOT NULL,
    settings     jsonb NOT NULL,
    position     bigint NOT NULL
);
