"""What the gateway asks of the world beside the log and the image store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from carnival.contracts.capabilities import Capabilities
from carnival.contracts.envelope import Recorded
from carnival.contracts.fleet import PresentNode
from carnival.contracts.ids import JobId
from carnival.contracts.job import JobRequested, NodeImage
from carnival.contracts.notices import JobProgress, NodePresence
from comfy_gateway.domain.health import Health
from comfy_gateway.domain.hint import Hint
from comfy_gateway.domain.loose_json import Json
from comfy_gateway.domain.machine import Machine
from comfy_gateway.domain.verdict import Queue


class ComfyError(Exception):
    """Base of what can go wrong between the gateway and a ComfyUI server."""


class ComfyUnreachable(ComfyError):
    """No connection, no answer in time, or an answer that broke off. Whether the request had an effect is unknown."""


class ComfyNotReached(ComfyUnreachable):
    """No connection came about, so the request had no effect."""


class ComfyBusy(ComfyError):
    """An answer after which the same request may go well a moment later: 429 or 5xx (CMF-4)."""

    def __init__(self, status: int) -> None:
        super().__init__(f"The server answered with {status}")
        self.status = status


class ComfyRefused(ComfyError):
    """A final refusal: any other 4xx, or for a submission also 500. `body` is the answer as text."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"The server refused with {status}")
        self.status = status
        self.body = body


class ImageTooLarge(ComfyError):
    """A file is larger than the gateway takes."""


class ComfyServer(Protocol):
    """One ComfyUI server. Every call raises ComfyUnreachable, ComfyBusy or ComfyRefused and tries once only."""

    @property
    def name(self) -> str:
        """The node's name, safe as a subject token."""
        ...

    async def post(self, body: bytes) -> Mapping[str, Json]:
        """Submit a workflow; answers the node errors of an acceptance, empty if all of it will run."""
        ...

    async def history(self, prompt_id: str) -> Json:
        """The history entry of one id; None while there is none."""
        ...

    async def queue(self) -> Queue: ...

    async def stop(self, prompt_id: str) -> None:
        """Take the job out of the queue and interrupt it. It may finish all the same."""
        ...

    async def upload(self, name: str, data: bytes) -> str:
        """Put an image into the server's input folder; answers the name valid there for a loading node (PAY-9).

        A file that is there is never written again: a job that renders may be reading it. Other bytes get another name.
        """
        ...

    async def view(self, image: NodeImage) -> bytes:
        """The bytes of a result. Raises ImageTooLarge."""
        ...

    async def free_memory(self) -> None: ...

    async def pulse(self) -> int:
        """The cheapest sign of life: how many jobs wait or run."""
        ...

    async def warm(self) -> None:
        """Keep a line open for the next submission."""
        ...

    async def machine(self) -> Machine:
        """The server's version and devices."""
        ...

    async def object_info(self) -> Json:
        """Every node class with its inputs; up to some megabytes."""
        ...


class Hints(Protocol):
    """The WebSocket of one server."""

    async def listen(self, on_hint: Callable[[Hint], None]) -> None:
        """Report hints for ever, over any number of reconnects. Returns only by cancellation."""
        ...

    @property
    def frames(self) -> int:
        """How many frames came in so far."""
        ...

    def expect_sign(self, since: int) -> None:
        """A submission was accepted: a frame came after the first `since`, or will soon, or the socket is deaf."""
        ...


class Delivery(Protocol):
    """One delivery of a JobRequested from the pool's consumer. `deliveries` counts from 1."""

    @property
    def entry(self) -> Recorded[JobRequested]: ...

    @property
    def deliveries(self) -> int: ...

    @property
    def is_ours(self) -> bool:
        """Whether it was kept in time; else the job may be in other hands by now."""
        ...

    async def keep(self) -> None:
        """The job is being worked on: do not deliver it again yet. Raises JobsUnavailable."""
        ...

    async def done(self) -> None:
        """The job's end stands in the log: never deliver it again. Raises JobsUnavailable."""
        ...

    async def give_back(self, delay_seconds: float) -> None:
        """Deliver it again, to whoever is free. Raises JobsUnavailable."""
        ...


class JobsUnavailable(Exception):
    """The pool's consumer does not answer. The job will be delivered again by itself."""


class JobSource(Protocol):
    """The jobs of a pool."""

    async def next(self, seconds: float) -> Delivery | None:
        """The next job, None if none comes in time. Raises JobsUnavailable."""
        ...


class NoticeBoard(Protocol):
    """Short-lived notices. They may get lost; a failure is logged, never raised."""

    async def progress(self, notice: JobProgress) -> None: ...

    async def preview(self, job_id: JobId, image: bytes) -> None:
        """The newest unfinished picture of a job, a JPEG or PNG file."""
        ...

    async def presence(self, notice: NodePresence) -> None: ...

    async def leave(self, notice: NodePresence) -> None: ...

    async def capabilities(self, key: str, packed: bytes) -> None:
        """What some node of the pool can do; repeated before it expires."""
        ...

    async def forget_capabilities(self, key: str) -> None:
        """No node of this gateway can do exactly this any more. Others that can will say so again."""
        ...


class HealthMemory(Protocol):
    """What a gateway holds against its servers outlives it for an hour. It may get lost; a failure is logged only."""

    async def recall(self, node: str) -> Health: ...

    async def keep(self, node: str, health: Health) -> None: ...


class Fleet(Protocol):
    """All servers of the fleet, as the bus shows them. Raises LogUnavailable."""

    async def abilities(self, pool: str) -> Sequence[Capabilities]:
        """What servers of the pool could do within the last two minutes, whether they are present now or not."""
        ...

    async def present(self) -> Sequence[PresentNode]:
        """All nodes present now, of whatever pool."""
        ...


@dataclass(frozen=True, slots=True)
class Picture:
    """What an image's bytes really hold. `pixel_sha256`: see `carnival.contracts.job.StoredImage`."""

    width: int
    height: int
    media_type: str
    pixel_sha256: str | None


class BadImage(Exception):
    """Bytes that are no image of a known type, or a broken one."""


class Inspector(Protocol):
    async def inspect(self, data: bytes) -> Picture:
        """Decode the whole image. Raises BadImage, ImageTooLarge."""
        ...
