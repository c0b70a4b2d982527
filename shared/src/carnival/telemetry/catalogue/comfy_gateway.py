"""Metrics of a gateway and its servers."""

from __future__ import annotations

from typing import Final

from carnival.contracts.catalogue import GATEWAY
from carnival.telemetry.metric import Kind, Metric

RENDER_BOUNDS: Final = (0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 60.0, 120.0, 300.0, 600.0, 1800.0)

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

METRICS: Final = (
    SLOTS,
    SLOT_TIME,
    JOBS_IN_HAND,
    JOBS_ENDED,
    ATTEMPTS_FAILED,
    GPU_TIME,
    RENDER_DURATION,
    GPU_MEMORY_FREE,
)
