"""Metrics of the projector."""

from __future__ import annotations

from typing import Final

from carnival.contracts.catalogue import PROJECTOR
from carnival.telemetry.metric import QUICK_BOUNDS, Kind, Metric

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

METRICS: Final = (
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
)
