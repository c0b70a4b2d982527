"""What surrounds a gateway under test: a log, a source of jobs, an image store, notices, stand-ins for ComfyUI."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import httpx
from PIL import Image

from carnival.contracts.capabilities import Capabilities, capabilities_key
from carnival.contracts.envelope import Event, Recorded
from carnival.contracts.fleet import PresentNode
from carnival.contracts.ids import CandidateId, JobId, Position, derived_id
from carnival.contracts.job import JobCancelled, JobRequested, ParentImage
from carnival.contracts.notices import JobProgress, NodePresence
from carnival.contracts.pipeline import PipelineDefined, StepDefinition
from carnival.contracts.subjects import every_run
from carnival.images.files import FileImageStore
from carnival.testing import examples, until
from carnival.testing.memory_log import MemoryEventLog
from comfy_gateway.application.run_gateway import Gateway
from comfy_gateway.domain.health import Health
from comfy_gateway.domain.prompt_id import prompt_id
from comfy_gateway.settings import GatewaySettings
from comfy_gateway.wiring import World, gateway_of
from comfy_stub.server import RunningStub

E = TypeVar("E", bound=Event)

DRAW: dict[str, Any] = {
    "canvas": {
        "class_type": "EmptyImage",
        "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": 255},
    },
    "noise": {
        "class_type": "ImageAddNoise",
        "inputs": {"image": ["canvas", 0], "seed": "{{auto_seed}}", "strength": 0.5},
    },
    "save": {"class_type": "SaveImage", "inputs": {"images": ["noise", 0], "filename_prefix": "base"}},
}
REFINE: dict[str, Any] = {
    "parent": {"class_type": "LoadImage", "inputs": {"image": "{{parent_image}}"}},
    "noise": {
        "class_type": "ImageAddNoise",
        "inputs": {"image": ["parent", 0], "seed": "{{auto_seed}}", "strength": 0.3},
    },
    "save": {"class_type": "SaveImage", "inputs": {"images": ["noise", 0], "filename_prefix": "refine"}},
}


class MemoryDelivery:
    """Implements `Delivery` on a `MemoryJobs`."""

    def __init__(self, source: MemoryJobs, entry: Recorded[JobRequested], deliveries: int) -> None:
        self._source = source
        self.entry = entry
        self.deliveries = deliveries
        self.is_ours = True

    async def keep(self) -> None:
        return

    async def done(self) -> None:
        self._source.acknowledged.append(self.entry.event.job_id)

    async def give_back(self, delay_seconds: float) -> None:
        asyncio.get_running_loop().call_later(delay_seconds, self._source.deliver_again, self.entry.position)


class MemoryJobs:
    """Implements `JobSource` on a log in memory: what is not acknowledged can be delivered again."""

    def __init__(self, log: MemoryEventLog, pool: str = "default") -> None:
        self._log = log
        self._subject = every_run(JobRequested, pool)
        self._read_up_to = Position(0)
        self._again: list[Position] = []
        self._deliveries: dict[JobId, int] = {}
        self._delivered: dict[JobId, Position] = {}
        self._turn = asyncio.Lock()
        self.acknowledged: list[JobId] = []

    def deliver_again(self, position: Position) -> None:
        self._again.append(position)

    def deliver_unacknowledged(self) -> None:
        """As the consumer does for the jobs of a process that died."""
        self._again.extend(self._delivered[job] for job in self._delivered if job not in self.acknowledged)

    def deliver_to(self, others: MemoryJobs, job_id: JobId) -> None:
        """The next delivery of a job that was given back goes to another gateway."""
        others.count_delivery(job_id)
        others.deliver_again(self._delivered[job_id])

    def count_delivery(self, job_id: JobId) -> None:
        """The job was delivered to somebody who is no more."""
        self._deliveries[job_id] = self._deliveries.get(job_id, 0) + 1

    def deliveries_of(self, job_id: JobId) -> int:
        return self._deliveries.get(job_id, 0)

    async def next(self, seconds: float) -> MemoryDelivery | None:
        """Several gateways that wait are served in turn, as the consumer does."""
        try:
            async with asyncio.timeout(seconds), self._turn:
                return await until(self._take, seconds)
        except TimeoutError:
            return None

    async def _take(self) -> MemoryDelivery | None:
        if self._again:
            entry = await self._log.at(self._again.pop(0))
        else:
            entry = await self._log.next_of(self._subject, self._read_up_to)
            self._read_up_to = entry.position if entry else self._read_up_to
        if not isinstance(entry, Recorded) or not isinstance(entry.event, JobRequested):
            return None
        job_id = entry.event.job_id
        self._delivered[job_id] = entry.position
        self.count_delivery(job_id)
        recorded = Recorded(entry.event, entry.meta, entry.position, entry.subject)
        return MemoryDelivery(self, recorded, self._deliveries[job_id])


class MemoryBoard:
    """Implements `NoticeBoard`."""

    def __init__(self) -> None:
        self.present: dict[str, NodePresence] = {}
        self.progressed: list[JobProgress] = []
        self.previews: dict[JobId, list[bytes]] = {}
        self.kinds: dict[str, bytes] = {}

    async def progress(self, notice: JobProgress) -> None:
        self.progressed.append(notice)

    async def preview(self, job_id: JobId, image: bytes) -> None:
        self.previews.setdefault(job_id, []).append(image)

    async def presence(self, notice: NodePresence) -> None:
        self.present[notice.key] = notice

    async def leave(self, notice: NodePresence) -> None:
        self.present.pop(notice.key, None)

    async def capabilities(self, key: str, packed: bytes) -> None:
        self.kinds[key] = packed

    async def forget_capabilities(self, key: str) -> None:
        self.kinds.pop(key, None)


class MemoryHealth:
    """Implements `HealthMemory`."""

    def __init__(self) -> None:
        self.kept: dict[str, Health] = {}

    async def recall(self, node: str) -> Health:
        return self.kept.get(node, Health())

    async def keep(self, node: str, health: Health) -> None:
        self.kept[node] = health


class MemoryFleet:
    """Implements `Fleet` on what was put on a board."""

    def __init__(self, board: MemoryBoard) -> None:
        self._board = board

    async def abilities(self, pool: str) -> list[Capabilities]:
        kinds = self._board.kinds.items()
        return [Capabilities.unpacked(packed) for key, packed in kinds if key.startswith(f"{pool}.")]

    async def present(self) -> list[PresentNode]:
        return [
            PresentNode(node, Capabilities.unpacked(packed) if packed else None)
            for node in self._board.present.values()
            for packed in [self._board.kinds.get(capabilities_key(node.pool, node.capabilities))]
        ]


class ShakyImageStore(FileImageStore):
    """Files whose next `failures` writes fail, as on a full or lost disk; while `silent` none is given either."""

    failures = 0
    silent = False

    async def get(self, place: str) -> bytes:
        if self.silent:
            raise OSError(5, "Input/output error")
        return await super().get(place)

    async def put(self, place: str, data: bytes) -> str:
        if self.failures:
            self.failures -= 1
            raise OSError(28, "No space left on device")
        return await super().put(place, data)


class Rig:
    """One run of one pipeline, in memory, and gateways that come and go."""

    def __init__(self, root: Path, stubs: Sequence[RunningStub]) -> None:
        self.log = MemoryEventLog()
        self.jobs = MemoryJobs(self.log)
        self.board = MemoryBoard()
        self.health = MemoryHealth()
        self.images = ShakyImageStore(root / "images")
        self.stubs = list(stubs)
        self.root = root / "images"
        self._number = 0

    @property
    def stub(self) -> RunningStub:
        return self.stubs[0]

    async def start_run(self, *steps: StepDefinition, **fields: Any) -> None:
        """Define a pipeline and start a run of it; without steps: draw, then refine."""
        chosen = steps or (step(1, DRAW), step(2, REFINE, needs_parent=True))
        defined = PipelineDefined(pipeline_id=examples.PIPELINE, version=1, name="Portrait", steps=chosen)
        at = await self.log.append(defined, examples.meta())
        run = examples.run_started(pipeline_position=at.position, **fields)
        await self.log.append(run, examples.meta())

    async def request(self, **fields: Any) -> JobRequested:
        """One more job, by default a base image."""
        self._number += 1
        job_id = JobId(derived_id("test job", self._number))
        job = examples.job_requested(self._number, job_id=job_id).model_copy(update=fields)
        await self.log.append(job, examples.meta())
        return job

    async def post_behind_the_back(self, job: JobRequested) -> None:
        """As a gateway that died after the submission and before its record: only the server knows of the job."""
        template = json.dumps(DRAW).replace('"{{auto_seed}}"', str(job.seed))
        body = {"prompt": json.loads(template), "prompt_id": prompt_id(job.job_id, 1), "client_id": "dead"}
        async with httpx.AsyncClient(base_url=self.stub.url) as client:
            (await client.post("/prompt", json=body)).raise_for_status()
        self.jobs.count_delivery(job.job_id)

    async def cancel(self, job: JobRequested, **fields: Any) -> None:
        event = JobCancelled.model_validate(
            {"run_id": job.run_id, "job_id": job.job_id, "pool": job.pool, "reason": "branch_rejected", **fields}
        )
        await self.log.append(event, examples.meta())

    async def parent(self, colour: str = "red") -> ParentImage:
        """A parent whose image lies in the store."""
        data = png(colour)
        place = f"2026-01-01-gym-shoot/base/{colour}.png"
        await self.images.put(place, data)
        return ParentImage(candidate_id=CandidateId(f"c-{colour}"), place=place, sha256=sha256(data).hexdigest())

    @asynccontextmanager
    async def gateway(self, **settings: Any) -> AsyncGenerator[Gateway]:
        """A running gateway; it is stopped in order at the end."""
        async with gateway_of(self._settings(settings), self._world()) as gateway:
            stop = asyncio.Event()
            running = asyncio.create_task(gateway.run(stop))
            try:
                await until(lambda: running.done() or any(node.condition.ready for node in gateway.nodes))
                yield gateway
            finally:
                stop.set()
                await running

    @asynccontextmanager
    async def doomed_gateway(self, **settings: Any) -> AsyncGenerator[Gateway]:
        """A gateway that dies at the end of the block, as by kill -9: nothing is settled any more."""
        async with gateway_of(self._settings(settings), self._world()) as gateway:
            running = asyncio.create_task(gateway.run(asyncio.Event()))
            try:
                await until(lambda: running.done() or any(node.condition.ready for node in gateway.nodes))
                yield gateway
            finally:
                running.cancel()
                await asyncio.gather(running, gateway.pull.finish(0), return_exceptions=True)

    async def events(self, kind: type[E]) -> list[E]:
        found: list[E] = []
        async for batch in self.log.read(Position(0)):
            found += [entry.event for entry in batch if isinstance(entry, Recorded) and isinstance(entry.event, kind)]
        return found

    async def until_events(self, kind: type[E], count: int = 1, seconds: float = 10) -> list[E]:
        async def there() -> list[E]:
            found = await self.events(kind)
            return found if len(found) >= count else []

        return await until(there, seconds, f"{count} {kind.__name__}")

    async def until_acknowledged(self, count: int = 1, seconds: float = 10) -> None:
        await until(lambda: len(self.jobs.acknowledged) >= count, seconds, f"{count} acknowledged jobs")

    def executed(self, stub: RunningStub | None = None) -> list[str]:
        """The prompt ids that a stand-in executed, in order, also before it was restarted."""
        return [str(line["prompt_id"]) for line in (stub or self.stub).stub.ledger.lines()]

    def _world(self) -> World:
        return World(
            log=self.log,
            jobs=self.jobs,
            images=self.images,
            board=self.board,
            fleet=MemoryFleet(self.board),
            health=self.health,
        )

    def _settings(self, changed: dict[str, Any]) -> GatewaySettings:
        base: dict[str, Any] = {
            "comfyui_base_url": ",".join(stub.url for stub in self.stubs),
            "comfyui_poll_interval": 0.1,
            "comfyui_timeout": 10,
            "gateway_name": "g1",
            "lost_grace": 0.3,
            "stop_grace": 5,
        }
        return GatewaySettings.model_validate(base | changed)


def step(order: int, workflow: dict[str, Any], **fields: Any) -> StepDefinition:
    return examples.step(order, template=json.dumps(workflow), **fields)


def png(colour: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(buffer, "PNG")
    return buffer.getvalue()
