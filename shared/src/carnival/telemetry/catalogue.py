"""Every metric there is. What is not here is not emitted; docs/metrics.md is written from it."""

from __future__ import annotations

from typing import Final

from carnival.contracts.catalogue import API, GATEWAY, PROJECTOR, SELECTOR
from carnival.telemetry.metric import Kind, Metric

EVERY: Final = (API, SELECTOR, GATEWAY, PROJECTOR)

QUICK_BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
RENDER_BOUNDS: Final = (0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 60.0, 120.0, 300.0, 600.0, 1800.0)

# --- Every service

APPENDED: Final = Metric(
    name="carnival.log.appended",
    kind=Kind.COUNTER,
    unit="{event}",
    says="Events that this service wrote into the log, by their wire name.",
    labels=("event",),
    services=EVERY,
)
APPEND_DURATION: Final = Metric(
    name="carnival.log.append.duration",
    kind=Kind.HISTOGRAM,
    unit="s",
    says="Until the log answered an append. Outcome: taken, duplicate, stale (decided on an old state: decided again),"
    " refused, or unavailable.",
    labels=("outcome",),
    services=EVERY,
    bounds=QUICK_BOUNDS,
)
PROBLEMS: Final = Metric(
    name="carnival.problems",
    kind=Kind.COUNTER,
    unit="{line}",
    says="Lines logged as warning, error or critical, by the `action` they name; other: a library's line.",
    labels=("level", "action"),
    services=EVERY,
)
READY: Final = Metric(
    name="carnival.ready",
    kind=Kind.GAUGE,
    unit="1",
    says="1 while this check of /health/ready passes, 0 while it does not.",
    labels=("check",),
    services=EVERY,
)
MEMORY: Final = Metric(
    name="process.memory.usage",
    kind=Kind.GAUGE,
    unit="By",
    says="Resident memory of the process.",
    services=EVERY,
)
CPU_TIME: Final = Metric(
    name="process.cpu.time",
    kind=Kind.COUNTER,
    unit="s",
    says="Processor time the process has used.",
    services=EVERY,
)

# --- curation-api

REQUEST_DURATION: Final = Metric(
    name="http.server.request.duration",
    kind=Kind.HISTOGRAM,
    unit="s",
    says="From a request's first byte to its answer's last one, by route template. Streams of changes are not among"
    " them; what no route answers is unmatched.",
    labels=("http.request.method", "http.route", "http.response.status_code"),
    services=(API,),
    bounds=QUICK_BOUNDS,
)
STREAMS: Final = Metric(
    name="carnival.api.streams",
    kind=Kind.GAUGE,
    unit="{stream}",
    says="Streams of changes that are open.",
    services=(API,),
)
VOTES: Final = Metric(
    name="carnival.votes",
    kind=Kind.COUNTER,
    unit="{vote}",
    says="Votes written into the log. Outcome: left, right, tie, both_bad. Voter: member or guest.",
    labels=("outcome", "voter"),
    services=(API,),
)
PARKED: Final = Metric(
    name="carnival.events.parked",
    kind=Kind.GAUGE,
    unit="{event}",
    says="Events kept aside because nobody could read or fold them.",
    services=(API,),
)
VOID: Final = Metric(
    name="carnival.events.void",
    kind=Kind.GAUGE,
    unit="{event}",
    says="Events without effect, because they broke a rule at their place in the log.",
    services=(API,),
)
WORK_DONE: Final = Metric(
    name="carnival.work.done",
    kind=Kind.GAUGE,
    unit="1",
    says="Which part of a rebuild or a rescoring is done, from 0 to 1; nothing while none is under way.",
    labels=("kind", "phase"),
    services=(API,),
)
WORK_LEFT: Final = Metric(
    name="carnival.work.left",
    kind=Kind.GAUGE,
    unit="s",
    says="How long it will still take at its rate so far.",
    labels=("kind", "phase"),
    services=(API,),
)

IMAGES_FREE: Final = Metric(
    name="carnival.images.free",
    kind=Kind.GAUGE,
    unit="By",
    says="Room left on the disk of the image store; of a bucket nobody knows.",
    services=(API, GATEWAY),
)

# --- projector

PROJECTOR_ACTIVE: Final = Metric(
    name="carnival.projector.active",
    kind=Kind.GAUGE,
    unit="1",
    says="1 for the projector that folds, 0 for one that stands by.",
    services=(PROJECTOR,),
)
LOG_END: Final = Metric(
    name="carnival.log.end",
    kind=Kind.GAUGE,
    unit="{event}",
    says="Position of the newest event in the log.",
    services=(PROJECTOR,),
)
LOG_SIZE: Final = Metric(
    name="carnival.log.size",
    kind=Kind.GAUGE,
    unit="By",
    says="What the log takes on the disk of each of its servers.",
    services=(PROJECTOR,),
)
CHECKPOINT: Final = Metric(
    name="carnival.projector.position",
    kind=Kind.GAUGE,
    unit="{event}",
    says="Position up to which the read model is folded.",
    services=(PROJECTOR,),
)
LAG: Final = Metric(
    name="carnival.projector.lag",
    kind=Kind.GAUGE,
    unit="{event}",
    says="Events in the log that the read model does not show yet.",
    services=(PROJECTOR,),
)
LAG_AGE: Final = Metric(
    name="carnival.projector.lag.age",
    kind=Kind.GAUGE,
    unit="s",
    says="For how long the oldest of them has been in the log; 0 when there is none.",
    services=(PROJECTOR,),
)
FOLDED: Final = Metric(
    name="carnival.projector.folded",
    kind=Kind.COUNTER,
    unit="{event}",
    says="Events folded into the live read model.",
    services=(PROJECTOR,),
)
FOLDED_VOID: Final = Metric(
    name="carnival.projector.folded.void",
    kind=Kind.COUNTER,
    unit="{event}",
    says="Those of them without effect, by reason.",
    labels=("reason",),
    services=(PROJECTOR,),
)
FOLDED_PARKED: Final = Metric(
    name="carnival.projector.folded.parked",
    kind=Kind.COUNTER,
    unit="{event}",
    says="Those of them that were parked.",
    services=(PROJECTOR,),
)
BATCH_DURATION: Final = Metric(
    name="carnival.projector.batch.duration",
    kind=Kind.HISTOGRAM,
    unit="s",
    says="Time a batch spends with Postgres. Part: load (what the batch touches), write (rows and checkpoint).",
    labels=("part",),
    services=(PROJECTOR,),
    bounds=QUICK_BOUNDS,
)

# --- selector

LEADER: Final = Metric(
    name="carnival.selector.leader",
    kind=Kind.GAUGE,
    unit="1",
    says="1 for the replica that chooses, 0 for the others.",
    services=(SELECTOR,),
)
PASS_DURATION: Final = Metric(
    name="carnival.selector.pass.duration",
    kind=Kind.HISTOGRAM,
    unit="s",
    says="One pass: read, cancel, judge, choose until the capacity is used. Outcome: done or failed.",
    labels=("outcome",),
    services=(SELECTOR,),
    bounds=QUICK_BOUNDS,
)
DECISION_DURATION: Final = Metric(
    name="carnival.selector.decision.duration",
    kind=Kind.HISTOGRAM,
    unit="s",
    says="From the reading of the frontier, or the decision before on the same reading, until the log has the job.",
    labels=("mode",),
    services=(SELECTOR,),
    bounds=QUICK_BOUNDS,
)
JOBS_OPEN: Final = Metric(
    name="carnival.jobs.open",
    kind=Kind.GAUGE,
    unit="{job}",
    says="Jobs without an end, by pool and state: pending or submitted.",
    labels=("pool", "state"),
    services=(SELECTOR,),
)
JOBS_OLDEST: Final = Metric(
    name="carnival.jobs.oldest",
    kind=Kind.GAUGE,
    unit="s",
    says="For how long the oldest of them has been in that state.",
    labels=("pool", "state"),
    services=(SELECTOR,),
)
JOBS_RUNNABLE: Final = Metric(
    name="carnival.jobs.runnable",
    kind=Kind.GAUGE,
    unit="{job}",
    says="Jobs that could be worked on at once: the open ones, and those that would be asked for were there slots for"
    " all; of these 64 a pool are counted. What an autoscaler divides by the slots of one gateway.",
    labels=("pool",),
    services=(SELECTOR,),
)
RUNS_ACTIVE: Final = Metric(
    name="carnival.runs.active",
    kind=Kind.GAUGE,
    unit="{run}",
    says="Runs that are neither ended nor paused.",
    services=(SELECTOR,),
)
STEPS_PAUSED: Final = Metric(
    name="carnival.steps.paused",
    kind=Kind.GAUGE,
    unit="{step}",
    says="Steps of active runs that were paused because jobs kept failing there.",
    services=(SELECTOR,),
)
SLOTS_OFFERED: Final = Metric(
    name="carnival.slots.offered",
    kind=Kind.GAUGE,
    unit="{slot}",
    says="Slots of servers that take jobs now, by pool, as the selector hears of them.",
    labels=("pool",),
    services=(SELECTOR,),
)

# --- comfy-gateway

SLOTS: Final = Metric(
    name="carnival.gateway.slots",
    kind=Kind.GAUGE,
    unit="{slot}",
    says="Slots by what they do: busy, next (a job is on its way to it), or why they stand idle: no_job, lacks,"
    " draining, quarantined, unreachable.",
    labels=("pool", "node", "state"),
    services=(GATEWAY,),
)
SLOT_TIME: Final = Metric(
    name="carnival.gateway.slot.time",
    kind=Kind.COUNTER,
    unit="s",
    says="Time slots have spent in each of these states: its rate is how many slots were in it on the average.",
    labels=("pool", "node", "state"),
    services=(GATEWAY,),
)
JOBS_IN_HAND: Final = Metric(
    name="carnival.gateway.jobs",
    kind=Kind.GAUGE,
    unit="{job}",
    says="Jobs in hand by phase: staging, staged, posted, registering.",
    labels=("pool", "node", "phase"),
    services=(GATEWAY,),
)
JOBS_ENDED: Final = Metric(
    name="carnival.gateway.jobs.ended",
    kind=Kind.COUNTER,
    unit="{job}",
    says="Jobs ended: with an image (class none), or failed, by failure class and code.",
    labels=("pool", "node", "class", "code"),
    services=(GATEWAY,),
)
ATTEMPTS_FAILED: Final = Metric(
    name="carnival.gateway.attempts.failed",
    kind=Kind.COUNTER,
    unit="{attempt}",
    says="Attempts that failed while their jobs went on.",
    labels=("pool", "node", "class", "code"),
    services=(GATEWAY,),
)
GPU_TIME: Final = Metric(
    name="carnival.gateway.gpu.time",
    kind=Kind.COUNTER,
    unit="s",
    says="Seconds on the GPU by the servers' own clocks, failures included.",
    labels=("pool", "node"),
    services=(GATEWAY,),
)
RENDER_DURATION: Final = Metric(
    name="carnival.gateway.render.duration",
    kind=Kind.HISTOGRAM,
    unit="s",
    says="Seconds on the GPU of each image, by pool and step.",
    labels=("pool", "step"),
    services=(GATEWAY,),
    bounds=RENDER_BOUNDS,
)
GPU_MEMORY_FREE: Final = Metric(
    name="carnival.gateway.memory.free",
    kind=Kind.GAUGE,
    unit="By",
    says="Free memory of a server's devices, as the server last said.",
    labels=("pool", "node"),
    services=(GATEWAY,),
)

CATALOGUE: Final = (
    APPENDED,
    APPEND_DURATION,
    PROBLEMS,
    READY,
    MEMORY,
    CPU_TIME,
    REQUEST_DURATION,
    STREAMS,
    VOTES,
    PARKED,
    VOID,
    WORK_DONE,
    WORK_LEFT,
    IMAGES_FREE,
    PROJECTOR_ACTIVE,
    LOG_END,
    LOG_SIZE,
    CHECKPOINT,
    LAG,
    LAG_AGE,
    FOLDED,
    FOLDED_VOID,
    FOLDED_PARKED,
    BATCH_DURATION,
    LEADER,
    PASS_DURATION,
    DECISION_DURATION,
    JOBS_OPEN,
    JOBS_OLDEST,
    JOBS_RUNNABLE,
    RUNS_ACTIVE,
    STEPS_PAUSED,
    SLOTS_OFFERED,
    SLOTS,
    SLOT_TIME,
    JOBS_IN_HAND,
    JOBS_ENDED,
    ATTEMPTS_FAILED,
    GPU_TIME,
    RENDER_DURATION,
    GPU_MEMORY_FREE,
)
