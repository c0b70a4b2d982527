"""Short-lived messages: they travel beside the log and may be lost. Truth is in the log and in the read model."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, computed_field

from carnival.contracts.envelope import Value
from carnival.contracts.ids import JobId, Position, RunId
from carnival.contracts.job import FailureClass
from carnival.contracts.pipeline import PoolName
from carnival.contracts.verdict import VoidReason


class VoidNotice(Value):
    """An event of the batch that has no effect, and why."""

    position: Position
    reason: VoidReason


class Cause(Value):
    """The recorded trace of a person's command about a run, whose event stands at `position`."""

    run_id: RunId
    position: Position
    traceparent: str


class Projected(Value):
    """The read model holds everything up to `position`; `voids` are the void events of the last batch, `causes` traces
    that the next decisions follow from.

    `after` is where that batch begins: of the events behind it nothing else is void. None where that is not said.
    """

    position: Position
    after: Position | None = None
    voids: tuple[VoidNotice, ...] = ()
    causes: tuple[Cause, ...] = ()


class NodeState(StrEnum):
    READY = "ready"
    BUSY = "busy"
    DRAINING = "draining"
    """An operator wants no more jobs there, or its gateway ends: what renders finishes, nothing else begins."""
    QUARANTINED = "quarantined"
    """It kept failing for its own reasons: it gets no jobs until a canary comes back well."""
    UNREACHABLE = "unreachable"
    """It does not answer, or it answers and executes nothing."""


class Device(Value):
    """A GPU, or the processor, of a server. Memory in bytes."""

    name: str
    type: str = ""
    memory_total: Annotated[int, Field(ge=0)] = 0
    memory_free: Annotated[int, Field(ge=0)] = 0


class JobPhase(StrEnum):
    """How far a job is at the node that has it."""

    STAGING = "staging"
    STAGED = "staged"
    """Ready to be posted the moment a slot is free."""
    POSTED = "posted"
    """At the server: it waits in its queue, or is rendered."""
    REGISTERING = "registering"
    """Rendered: the image is on its way into the store, the slot is free again."""


class JobAtNode(Value):
    """A job that a node has in hand."""

    job_id: JobId
    run_id: RunId
    step_order: int
    attempt: int
    phase: JobPhase


class NodeError(Value):
    """Something that went wrong at a node: a job that failed there (then with its id), or the server itself."""

    time: datetime
    failure_class: FailureClass
    message: str
    job_id: JobId | None = None


class IdleCause(StrEnum):
    """Why a slot stands idle."""

    NO_JOB = "no_job"
    """Nobody wants a job of the pool."""
    LACKS = "lacks"
    """There are jobs, but for a node class or a model file that the server does not have."""
    DRAINING = "draining"
    QUARANTINED = "quarantined"
    UNREACHABLE = "unreachable"


class Idle(Value):
    cause: IdleCause
    words: str


class NodePresence(Value):
    """One ComfyUI server as its gateway sees it. Kept in a bucket whose entries expire: what is not announced anew
    within ten seconds has gone. `expires_at` says that by the gateway's clock, which may be wrong.

    `slots` is how many jobs it renders at once, 0 while it takes none. `version` is that of ComfyUI. `since` is
    when it came into its state, `reason` why. `drained`: an operator wants no jobs there, also while another state
    hides it. `last_errors`: the newest first. `idle` is None while no slot stands idle.
    `capabilities` names an entry of the bucket of capabilities, empty while they are not known; `node_classes` and
    `model_files` count them. `memory_total` and `memory_free` are the machine's, in bytes, beside those of the devices.
    """

    gateway: str
    node: str
    pool: PoolName
    slots: Annotated[int, Field(ge=0)]
    state: NodeState
    since: datetime | None = None
    reason: str = ""
    drained: bool = False
    version: str = ""
    gateway_version: str = ""
    devices: tuple[Device, ...] = ()
    memory_total: Annotated[int, Field(ge=0)] = 0
    memory_free: Annotated[int, Field(ge=0)] = 0
    current_jobs: tuple[JobAtNode, ...] = ()
    last_errors: tuple[NodeError, ...] = ()
    idle: Idle | None = None
    capabilities: str = ""
    node_classes: Annotated[int, Field(ge=0)] = 0
    model_files: Annotated[int, Field(ge=0)] = 0
    expires_at: datetime

    @property
    def key(self) -> str:
        return f"{self.gateway}.{self.node}"

    @property
    def offers(self) -> bool:
        """Whether it takes jobs."""
        return self.state in (NodeState.READY, NodeState.BUSY)


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
