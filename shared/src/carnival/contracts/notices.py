"""Short-lived messages: they travel beside the log and may be lost. Truth is in the log and in the read model."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, computed_field

from carnival.contracts.envelope import Value
from carnival.contracts.ids import JobId, Position, RunId
from carnival.contracts.pipeline import PoolName
from carnival.contracts.verdict import VoidReason


class VoidNotice(Value):
    """An event of the batch that has no effect, and why."""

    position: Position
    reason: VoidReason


class Projected(Value):
    """The read model holds everything up to `position`; `voids` are the void events of the last batch."""

    position: Position
    voids: tuple[VoidNotice, ...] = ()


class NodeState(StrEnum):
    READY = "ready"
    BUSY = "busy"
    DRAINING = "draining"
    """Its gateway ends: what renders finishes, nothing else begins."""
    UNREACHABLE = "unreachable"


class Device(Value):
    """A GPU, or the processor, of a server. Memory in bytes."""

    name: str
    type: str = ""
    memory_total: Annotated[int, Field(ge=0)] = 0
    memory_free: Annotated[int, Field(ge=0)] = 0


class NodePresence(Value):
    """One ComfyUI server as its gateway sees it. Kept in a bucket with expiry; older than `expires_at` means gone.

    `slots` is how many jobs the node renders at once. Only ready and busy nodes offer slots (WRK-3).
    `capabilities` names an entry of the bucket of capabilities; empty while they are not known.
    """

    gateway: str
    node: str
    pool: PoolName
    slots: Annotated[int, Field(ge=0)]
    state: NodeState
    reason: str = ""
    version: str = ""
    devices: tuple[Device, ...] = ()
    current_job: JobId | None = None
    capabilities: str = ""
    expires_at: datetime

    @property
    def key(self) -> str:
        return f"{self.gateway}.{self.node}"


class WorkProgress(Value):
    """How far long work of the projector has come: `done` of `total` after `seconds`. Kept in a bucket with expiry.

    `kind` is rebuild or rescoring, `id` the rescoring's.
    """

    kind: str
    id: str
    phase: str
    done: Annotated[int, Field(ge=0)]
    total: Annotated[int, Field(ge=0)]
    seconds: Annotated[float, Field(ge=0)]

    @property
    def key(self) -> str:
        return f"{self.kind}.{self.id}"

    @computed_field
    @property
    def per_second(self) -> float:
        return round(self.done / self.seconds, 1) if self.seconds else 0.0

    @computed_field
    @property
    def seconds_left(self) -> float | None:
        """At the rate so far; None while there is none."""
        return round((self.total - self.done) / self.per_second, 1) if self.per_second else None


class JobProgress(Value):
    """How far one job is: `value` of `maximum` nodes of its workflow, a running one by its fraction; 0 of 0: unknown.

    `node` is the server. `class_type` and `title` name the workflow's node that runs, empty between two of them;
    `step` of `steps` is what that node says of itself, None where it takes no steps.
    """

    run_id: RunId
    job_id: JobId
    node: str
    value: Annotated[float, Field(ge=0)]
    maximum: Annotated[float, Field(ge=0)]
    step: Annotated[int, Field(ge=0)] | None = None
    steps: Annotated[int, Field(ge=0)] | None = None
    class_type: str = ""
    title: str = ""

    @property
    def percent(self) -> int:
        """Of the whole workflow, rounded down: 100 means that everything ran."""
        return min(100, int(100 * self.value / self.maximum)) if self.maximum else 0
