"""Events about jobs: requested and cancelled by the selector, carried out by a comfy-gateway."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from carnival.contracts.envelope import Event, Value
from carnival.contracts.ids import CandidateId, JobId, Position, RunId
from carnival.contracts.pipeline import PoolName
from carnival.contracts.run import Raffle

RECORDED_COMPETITORS_MAX = 200


class SelectionMode(StrEnum):
    CHILD_GENERATION = "child_generation"
    BASE_GENERATION = "base_generation"


class Competitor(Value):
    """One entry of a raffle: a candidate and its tickets (its rating, unless the run's raffle says else)."""

    candidate_id: CandidateId
    tickets: Annotated[int, Field(ge=0)]


class Decision(Value):
    """Why this job: the whole draw, so that it can be checked and is never drawn again (RAF-5, EVT-3).

    `competitors` are the first 200 in creation order; `competitors_total` and `tickets_total` count all of them.
    `draw` is the drawn integer in 0..tickets_total-1 (0..competitors_total-1 when no ticket exists), None without a
    raffle. `raffle` is how ratings became tickets.
    `read_position` is the log position of the state that was decided on, own appends included.
    """

    mode: SelectionMode
    policy: str
    competitors_total: int = 0
    tickets_total: int = 0
    competitors: tuple[Competitor, ...] = ()
    draw: int | None = None
    raffle: Raffle = Raffle()
    read_position: Position


class ParentImage(Value):
    """The parent candidate and where its file lies in the image store."""

    candidate_id: CandidateId
    place: str
    sha256: str


class JobRequested(Event):
    """One image is wanted. Carries all that a gateway needs beside the run and its pipeline version.

    `number` counts the run's jobs from 1. `seed` is auto_seed (SUB-7), `random` the system variable of that name
    (SUB-6), `moment_ms` the Unix time of the decision in milliseconds.
    """

    wire_name: ClassVar[str] = "JobRequested"

    run_id: RunId
    job_id: JobId
    number: Annotated[int, Field(ge=1)]
    step_order: int
    pool: PoolName
    parent: ParentImage | None = None
    seed: int
    random: Annotated[int, Field(ge=0, le=999_999_999)]
    moment_ms: int
    decision: Decision


class CancelReason(StrEnum):
    BRANCH_REJECTED = "branch_rejected"
    """An ancestor was rejected: stop it at the node too (KILL-6)."""
    RUN_PAUSED = "run_paused"
    """Given back before it reached a node (RUN-8)."""
    RUN_COMPLETED = "run_completed"
    STEP_PAUSED = "step_paused"


class JobCancelled(Event):
    wire_name: ClassVar[str] = "JobCancelled"

    run_id: RunId
    job_id: JobId
    pool: PoolName
    reason: CancelReason


class JobSubmitted(Event):
    """ComfyUI accepted the job under `prompt_id` (CMF-1, JOB-1). `attempt` counts from 1."""

    wire_name: ClassVar[str] = "JobSubmitted"

    run_id: RunId
    job_id: JobId
    pool: PoolName
    gateway: str
    node: str
    prompt_id: str
    attempt: Annotated[int, Field(ge=1)]


class StoredImage(Value):
    """An image file in the store. `place` is its path below the store's root; sizes are bytes and pixels.

    `sha256` is that of the file; `pixel_sha256` that of the decoded picture, the same for files that look the same
    whatever their compression and metadata. None: not known, or a picture that moves.
    """

    place: str
    sha256: str
    size_bytes: int
    width: int
    height: int
    media_type: str = "image/png"
    pixel_sha256: str | None = None


class NodeImage(Value):
    """A file as ComfyUI names it. Further images of a job stay with the job only (JOB-4)."""

    filename: str
    subfolder: str = ""
    type: str = "output"


class ImageProduced(Event):
    """The job's one image is stored: the candidate exists (JOB-4, JOB-7)."""

    wire_name: ClassVar[str] = "ImageProduced"

    run_id: RunId
    job_id: JobId
    candidate_id: CandidateId
    step_order: int
    parent_id: CandidateId | None = None
    pool: PoolName
    gateway: str
    node: str
    attempt: Annotated[int, Field(ge=1)]
    image: StoredImage
    further_images: tuple[NodeImage, ...] = ()
    gpu_seconds: Annotated[float, Field(ge=0)]


class FailureClass(StrEnum):
    """Whose fault a failure is. Only `content` is charged to the parent."""

    CONTENT = "content"
    GRAPH = "graph"
    MISSING_ASSET = "missing_asset"
    MEMORY = "memory"
    INFRASTRUCTURE = "infrastructure"


class FailureCode(StrEnum):
    """What happened, as a closed list."""

    EXECUTION_ERROR = "execution_error"
    REFUSED = "refused"
    MISSING_VARIABLE = "missing_variable"
    BAD_TEMPLATE = "bad_template"
    BAD_PATH = "bad_path"
    MISSING_ASSET = "missing_asset"
    OUT_OF_MEMORY = "out_of_memory"
    NO_IMAGE = "no_image"
    BAD_IMAGE = "bad_image"
    UNREACHABLE = "unreachable"
    LOST = "lost"
    INTERRUPTED = "interrupted"
    NODE_TIMEOUT = "node_timeout"
    SERVER_ERROR = "server_error"
    IMAGE_UNAVAILABLE = "image_unavailable"
    PARENT_UNAVAILABLE = "parent_unavailable"
    INTERNAL = "internal"


class AttemptFailed(Event):
    """One attempt of a job failed and another one will be made, at another server if need be: the job stays open.

    `memory_total` are the bytes its server has, 0 where it does not say. `gpu_seconds` are those of this attempt alone.
    """

    wire_name: ClassVar[str] = "AttemptFailed"

    run_id: RunId
    job_id: JobId
    pool: PoolName
    gateway: str
    node: str
    attempt: Annotated[int, Field(ge=1)]
    failure_class: FailureClass
    code: FailureCode
    message: str
    gpu_seconds: Annotated[float, Field(ge=0)] = 0.0
    memory_total: Annotated[int, Field(ge=0)] = 0


class JobFailed(Event):
    """The job ended without an image. `message` is meant for people and holds no server paths."""

    wire_name: ClassVar[str] = "JobFailed"

    run_id: RunId
    job_id: JobId
    pool: PoolName
    gateway: str
    node: str | None = None
    attempt: Annotated[int, Field(ge=0)]
    failure_class: FailureClass
    code: FailureCode
    message: str
    gpu_seconds: Annotated[float, Field(ge=0)] = 0.0
