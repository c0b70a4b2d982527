"""Metrics of the selector."""

from __future__ import annotations

from typing import Final

from carnival.contracts.catalogue import SELECTOR
from carnival.telemetry.metric import QUICK_BOUNDS, Kind, Metric

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
    says="For how long the oldest of them has been in that state; 0 if there is none.",
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

METRICS: Final = (
    LEADER,
    PASS_DURATION,
    DECISION_DURATION,
    JOBS_OPEN,
    JOBS_OLDEST,
    JOBS_RUNNABLE,
    RUNS_ACTIVE,
    STEPS_PAUSED,
    SLOTS_OFFERED,
)
