"""The composition root: settings in, running gateway out."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping

import structlog
from faststream import FastStream
from faststream.nats import NatsBroker
from nats.aio.client import Client

from carnival.configuration import read_settings
from carnival.contracts.catalogue import GATEWAY
from carnival.fleet import Fleet as BusFleet
from carnival.health import serve_operations
from carnival.images.opening import open_image_store
from carnival.images.room import image_room
from carnival.log.connection import nats_broker
from carnival.log.nats_log import NatsEventLog
from carnival.log.stream import ensure_stream
from carnival.log.withdrawal import ending_when_withdrawn
from carnival.telemetry import setup_telemetry
from comfy_gateway.adapters.health_bucket import NatsHealthMemory
from comfy_gateway.adapters.job_consumer import NatsJobSource
from comfy_gateway.adapters.metrics import JobCounts, SlotTimes, node_standing, slot_states
from comfy_gateway.adapters.notices import NatsNoticeBoard
from comfy_gateway.adapters.routes import routes
from comfy_gateway.application.mind_store import MindStore
from comfy_gateway.application.run_gateway import Gateway
from comfy_gateway.settings import GatewaySettings
from comfy_gateway.wiring import World, gateway_of

_log = structlog.get_logger(__name__)


async def run(environ: Mapping[str, str]) -> None:
    """The whole service until a signal. Raises BadSetting, StreamLacksGuarantee, LogUnavailable."""
    settings = read_settings(GatewaySettings, environ)
    setup_telemetry(GATEWAY, settings.log_level, settings.otel_endpoint)
    _log.info("The gateway starts", action="starting", gateway=settings.gateway_name, pool=settings.pool)
    broker = nats_broker(settings, settings.gateway_name)
    connection = await broker.connect()
    await ensure_stream(connection)
    jobs = NatsJobSource(connection, settings.pool)
    world = World(
        log=NatsEventLog(connection, told=JobCounts().appended),
        jobs=jobs,
        images=open_image_store(settings),
        board=NatsNoticeBoard(connection),
        fleet=BusFleet(connection),
        health=NatsHealthMemory(connection, settings.gateway_name),
    )
    async with ending_when_withdrawn(connection), gateway_of(settings, world) as gateway:
        broker.include_router(routes(gateway.cancels.hint, settings.pool))
        times = SlotTimes(lambda: slot_states(gateway.nodes, settings.pool))
        gateway.changes.tell(times.changed)
        # A server that is away is no reason to be unready: it is shown in the fleet, waited for, and taken back.
        checks = {"nats": lambda: _nats_answers(connection), "images": lambda: _store_works(gateway.store)}
        sources = (node_standing(gateway.nodes, settings.pool, times), image_room(settings))
        async with serve_operations(settings.health_host, settings.health_port, checks, sources) as port:
            _log.info("Health answers", action="health", port=port)
            await _serve(broker, gateway, jobs)


async def _serve(broker: NatsBroker, gateway: Gateway, jobs: NatsJobSource) -> None:
    """FastStream owns the signals and the subscriptions, the gateway its loops; either one's end ends both."""
    stop = asyncio.Event()
    app = FastStream(broker, logger=None)

    async def work() -> None:
        try:
            await gateway.run(stop)
        finally:
            app.exit()

    running = asyncio.create_task(work(), name="gateway")

    @app.on_shutdown
    async def finish() -> None:  # pyright: ignore[reportUnusedFunction]
        stop.set()
        await asyncio.wait([running])
        await jobs.close()

    await app.run()
    await running


async def _nats_answers(connection: Client) -> None:
    await connection.flush(timeout=2)


async def _store_works(store: MindStore) -> None:
    if store.trouble is not None:
        raise OSError(store.trouble)


def main() -> None:
    asyncio.run(run(os.environ))
