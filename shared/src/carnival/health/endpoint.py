"""The health endpoints as a small ASGI application."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

CHECK_TIMEOUT_SECONDS = 3.0
START_TIMEOUT_SECONDS = 10.0

Check = Callable[[], Awaitable[None]]
"""Returns if all is well, raises with a sentence otherwise."""


def health_app(checks: Mapping[str, Check]) -> Starlette:
    """An application with `/health/live` and `/health/ready`; the latter runs all checks, each for 3 s at the most."""

    async def live(_: Request) -> Response:
        return _answer(200, {"status": "live"})

    async def ready(_: Request) -> Response:
        failed = await problems_of(checks)
        return _answer(503 if failed else 200, {"status": "not ready" if failed else "ready", "problems": failed})

    return Starlette(routes=[Route("/health/live", live), Route("/health/ready", ready)])


async def problems_of(checks: Mapping[str, Check]) -> Mapping[str, str]:
    """The checks that fail now, each with its sentence."""
    names = list(checks)
    problems = await asyncio.gather(*(_problem(checks[name]) for name in names))
    return {name: problem for name, problem in zip(names, problems, strict=True) if problem}


@asynccontextmanager
async def serve_health(
    app: Starlette, host: str, port: int, connections: type[asyncio.Protocol] | None = None
) -> AsyncGenerator[int]:
    """Serve `app` while the block runs; gives the port. Raises OSError when the port is taken."""
    config = uvicorn.Config(
        app, host=host, port=port, http=connections or "auto", log_config=None, lifespan="off", access_log=False
    )
    server = _QuietServer(config)
    task = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(START_TIMEOUT_SECONDS):
            while not server.started:
                if task.done():
                    raise OSError(f"health cannot listen on {host}:{port}")
                await asyncio.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


class _QuietServer(uvicorn.Server):
    """Leaves signals to the service: uvicorn would take them over, and end the process before its clean-up."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


async def _problem(check: Check) -> str | None:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_SECONDS):
            await check()
    except TimeoutError:
        return f"no answer within {CHECK_TIMEOUT_SECONDS:.0f} s"
    except Exception as error:
        return str(error) or type(error).__name__
    return None


def _answer(status: int, body: object) -> Response:
    return Response(json.dumps(body), status_code=status, media_type="application/json")
