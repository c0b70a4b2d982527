"""What whoever operates a service asks it: is it alive, is it ready, how is it doing."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager

import psutil
from opentelemetry.metrics import Observation
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from carnival.health.endpoint import Check, health_app, problems_of, serve_health
from carnival.telemetry.catalogue.several_services import CPU_TIME, MEMORY, READY
from carnival.telemetry.exposition import MEDIA_TYPE, exposition
from carnival.telemetry.sampling import Samples, Source, sampled


@asynccontextmanager
async def serve_operations(
    host: str, port: int, checks: Mapping[str, Check], sources: Sequence[Source] = ()
) -> AsyncGenerator[int]:
    """`/health/live`, `/health/ready` and `/metrics` while the block runs, the values of `sources` among the latter;
    gives the port. Raises OSError when it is taken."""
    app = health_app(checks)
    app.router.routes.append(Route("/metrics", _metrics))
    async with serve_health(app, host, port) as bound, sampled([_readiness(checks), _process(), *sources]):
        yield bound


async def _metrics(_: Request) -> Response:
    return Response(exposition(), media_type=MEDIA_TYPE)


def _readiness(checks: Mapping[str, Check]) -> Source:
    async def read() -> Samples:
        failed = await problems_of(checks)
        return {READY: [Observation(int(name not in failed), {"check": name}) for name in checks]}

    return Source("readiness", (READY,), read)


def _process() -> Source:
    process = psutil.Process()

    async def read() -> Samples:
        times = process.cpu_times()
        return {
            MEMORY: [Observation(process.memory_info().rss)],
            CPU_TIME: [Observation(times.user + times.system)],
        }

    return Source("process", (MEMORY, CPU_TIME), read)
