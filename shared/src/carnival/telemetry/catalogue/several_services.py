"""Metrics that more than one service emits."""

from __future__ import annotations

from typing import Final

from carnival.contracts.catalogue import API, GATEWAY, PROJECTOR, SELECTOR
from carnival.telemetry.metric import QUICK_BOUNDS, Kind, Metric

EVERY: Final = (API, SELECTOR, GATEWAY, PROJECTOR)

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
IMAGES_FREE: Final = Metric(
    name="carnival.images.free",
    kind=Kind.GAUGE,
    unit="By",
    says="Room left on the disk of the image store; of a bucket nobody knows.",
    services=(API, GATEWAY),
)

METRICS: Final = (
    APPENDED,
    APPEND_DURATION,
    PROBLEMS,
    READY,
    MEMORY,
    CPU_TIME,
    IMAGES_FREE,
)
