"""Where things die: a real NATS server and a stand-in for ComfyUI, each behind a wire, and gateways between them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import nats.errors
from fixtures.wire import Wire, wire_to
from integration.comfy_gateway.crash_points.traps import Traps
from integration.comfy_gateway.rig import DRAW, REFINE, png, step
from nats.aio.client import Client

from carnival.contracts.envelope import Event, Recorded
from carnival.contracts.ids import CandidateId, JobId, Position, derived_id
from carnival.contracts.job import ImageProduced, JobCancelled, JobFailed, JobRequested, ParentImage
from carnival.contracts.pipeline import PipelineDefined
from carnival.contracts.subjects import STREAM
from carnival.fleet import Fleet
from carnival.images.files import FileImageStore
from carnival.log.connection import open_connection
from carnival.log.nats_log import NatsEventLog
from carnival.log.stream import ensure_buckets, ensure_stream
from carnival.testing import examples, until
from comfy_gateway.adapters.health_bucket import NatsHealthMemory
from comfy_gateway.adapters.job_consumer import NatsJobSource, consumer_configuration
from comfy_gateway.adapters.notices import NatsNoticeBoard
from comfy_gateway.application.run_gateway import Gateway
from comfy_gateway.settings import GatewaySettings
from comfy_gateway.wiring import World, gateway_of
from comfy_stub.server import RunningStub

E = TypeVar("E", bound=Event)

POOL = "default"
CONSUMER = f"gateway-{POOL}"
ACK_WAIT_SECONDS = 1.5
SETTLED_SECONDS = 60


class Site:
    """One run of two steps. Gateways come and go; the test's own line to NATS never breaks by itself."""

    def __init__(self, own: Client, stub: RunningStub, nats_url: str, comfy: Wire, nats: Wire, folder: Path) -> None:
        self._own = own
        self._nats_url = nats_url
        self.log = NatsEventLog(own)
        self.stub = stub
        self.comfy = comfy
        self.nats = nats
        self.images = FileImageStore(folder)
        self.folder = folder
        self._number = 0

    async def prepare(self) -> None:
        """The stream, a consumer that delivers again soon, and a run."""
        await ensure_stream(self._own)
        await ensure_buckets(self._own)
        consumer = replace(consumer_configuration(POOL), ack_wait=ACK_WAIT_SECONDS)
        await self._own.jetstream().add_consumer(STREAM, consumer)
        steps = (step(1, DRAW), step(2, REFINE, needs_parent=True))
        defined = PipelineDefined(pipeline_id=examples.PIPELINE, version=1, name="Portrait", steps=steps)
        at = await self.log.append(defined, examples.meta())
        await self.log.append(examples.run_started(pipeline_position=at.position), examples.meta())

    async def request(self, **fields: Any) -> JobRequested:
        self._number += 1
        job = examples.job_requested(self._number, job_id=JobId(derived_id("crash", self._number)))
        job = job.model_copy(update=fields)
        await self.log.append(job, examples.meta())
        return job

    async def request_child(self) -> JobRequested:
        """A job of the second step, so that a parent is uploaded."""
        data, place = png("red"), "2026-01-01-gym-shoot/parent.png"
        await self.images.put(place, data)
        parent = ParentImage(candidate_id=CandidateId("c-red"), place=place, sha256=sha256(data).hexdigest())
        return await self.request(step_order=2, parent=parent)

    async def cancel(self, job: JobRequested) -> None:
        event = JobCancelled.model_validate(
            {"run_id": job.run_id, "job_id": job.job_id, "pool": job.pool, "reason": "branch_rejected"}
        )
        await self.log.append(event, examples.meta())

    @asynccontextmanager
    async def gateway(self, traps: Traps | None = None, **settings: Any) -> AsyncGenerator[Gateway]:
        """A gateway over real adapters. It ends in order, or as by kill -9 once a trap has made it die."""
        async with self._running(self.nats.url, traps or Traps(), settings) as gateway:
            yield gateway

    @asynccontextmanager
    async def _running(self, nats_url: str, traps: Traps, settings: dict[str, Any]) -> AsyncGenerator[Gateway]:
        connection = await open_connection(nats_url, "gateway")
        jobs = NatsJobSource(connection, POOL)
        fleet = Fleet(connection)
        board = NatsNoticeBoard(connection)
        health = NatsHealthMemory(connection, settings.get("gateway_name", "g1"))
        world = World(NatsEventLog(connection), jobs, self.images, board, fleet, health)
        stop = asyncio.Event()
        async with gateway_of(self._settings(settings), traps.world(world)) as gateway:
            traps.guard(gateway)
            running = asyncio.create_task(gateway.run(stop))
            try:
                await until(lambda: running.done() or traps.sprung.is_set() or _has_ready_node(gateway), 30)
                yield gateway
            finally:
                if not traps.died.is_set():
                    stop.set()
                    await running
                    await jobs.close()
                running.cancel()
                await asyncio.gather(running, gateway.pull.finish(0), return_exceptions=True)
        try:
            await connection.close()
        except (nats.errors.Error, OSError):
            return

    @asynccontextmanager
    async def gateway_beside(self, comfyui_url: str, **settings: Any) -> AsyncGenerator[Gateway]:
        """Another gateway of the pool, with a server of its own and a line of its own to NATS."""
        own = {"comfyui_base_url": comfyui_url, "gateway_name": "g2"}
        async with self._running(self._nats_url, Traps(), own | settings) as gateway:
            yield gateway

    async def was_delivered_again(self) -> bool:
        info = await self._own.jetstream().consumer_info(STREAM, CONSUMER, timeout=2)
        return bool(info.num_redelivered)

    async def gateway_that_dies(self, *, before: str = "", after: str = "") -> None:
        """Run a gateway until it dies at that call."""
        traps = Traps()
        if before:
            traps.before(before, traps.die)
        else:
            traps.after(after, traps.die)
        async with self.gateway(traps):
            await asyncio.wait_for(traps.died.wait(), SETTLED_SECONDS)

    async def gateway_until_settled(self, traps: Traps | None = None, **settings: Any) -> None:
        async with self.gateway(traps, **settings):
            await self.until_settled()

    async def until_settled(self) -> None:
        """Nothing is to be delivered and nothing is unacknowledged any more."""

        async def settled() -> bool:
            try:
                info = await self._own.jetstream().consumer_info(STREAM, CONSUMER, timeout=2)
            except (nats.errors.Error, TimeoutError, OSError):
                return False
            return not info.num_pending and not info.num_ack_pending

        await until(settled, SETTLED_SECONDS, "every job acknowledged", every=0.05)

    async def until_rendering(self) -> None:
        await until(lambda: bool(self.renderings()), SETTLED_SECONDS, "a rendering job")

    def renderings(self) -> list[str]:
        """The prompt ids of all executions, in order, over all lives of the server."""
        return [str(line["prompt_id"]) for line in self.stub.ledger.lines()]

    async def events(self, kind: type[E]) -> list[E]:
        found: list[E] = []
        async for batch in self.log.read(Position(0)):
            found += [entry.event for entry in batch if isinstance(entry, Recorded) and isinstance(entry.event, kind)]
        return found

    async def check(self, *, rendered: int, images: int = 1) -> None:
        """So many executions, so many images, each registered once, stored whole, and nobody charged."""
        produced = await self.events(ImageProduced)
        assert len(self.renderings()) == rendered
        assert max(Counter(event.job_id for event in produced).values(), default=0) <= 1
        assert len(produced) == images
        for event in produced:
            assert sha256(await self.images.get(event.image.place)).hexdigest() == event.image.sha256
        parents = {job.parent.place for job in await self.events(JobRequested) if job.parent}
        stored = {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()}
        assert stored - parents == {event.image.place for event in produced}
        assert not await self.events(JobFailed)

    def _settings(self, changed: dict[str, Any]) -> GatewaySettings:
        base: dict[str, Any] = {
            "comfyui_base_url": self.comfy.url,
            "comfyui_poll_interval": 0.2,
            "comfyui_timeout": 20,
            "gateway_name": "g1",
            "lost_grace": 0.5,
            "stop_grace": 5,
        }
        return GatewaySettings.model_validate(base | changed)


@asynccontextmanager
async def site_on(nats_url: str, stub: RunningStub, folder: Path) -> AsyncGenerator[Site]:
    """A site with its run, on an empty NATS server."""
    own = await open_connection(nats_url, "site")
    async with wire_to(nats_url) as nats, wire_to(stub.url) as comfy:
        site = Site(own, stub, nats_url, comfy, nats, folder)
        await site.prepare()
        yield site
    await own.close()


def _has_ready_node(gateway: Gateway) -> bool:
    return any(node.condition.ready for node in gateway.nodes)
