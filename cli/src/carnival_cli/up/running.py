"""A whole Carnival for the length of a block: lock, leftovers, ports, supervisor."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager

from carnival.concurrency import end_tasks
from carnival_cli.exits import CommandFailed, Exit, Interrupted
from carnival_cli.servers.installed import ServerMissing
from carnival_cli.servers.ports import free_port
from carnival_cli.up.credentials import ensure_credentials
from carnival_cli.up.layout import DEFAULT_API_PORT, Layout
from carnival_cli.up.lock import AlreadyRunning, folder_lock
from carnival_cli.up.plan import Ports, make_plan
from carnival_cli.up.process import PartFailed
from carnival_cli.up.reach import url_here
from carnival_cli.up.stale import end_leftovers
from carnival_cli.up.supervisor import Supervisor


def choose_api_port(wanted: int | None, report: Callable[[str], None]) -> int:
    """The wanted port, 8000 if none is wanted, another one if 8000 is taken. Raises CommandFailed."""
    port = free_port(DEFAULT_API_PORT if wanted is None else wanted)
    if wanted and port != wanted:
        raise CommandFailed(f"Port {wanted} is taken by another program.")
    if wanted is None and port != DEFAULT_API_PORT:
        report(f"port {DEFAULT_API_PORT} is taken by another program, using {port}")
    return port


@asynccontextmanager
async def carnival_running(
    layout: Layout,
    *,
    api_port: int | None,
    report: Callable[[str], None],
    environ: Mapping[str, str] = os.environ,
    stub_seconds: float | None = None,
) -> AsyncGenerator[tuple[Supervisor, asyncio.Event]]:
    """Everything ready inside the block, everything ended behind it; and an event that a signal to end sets.

    A second signal kills. Raises CommandFailed.
    """
    layout.create()
    port = choose_api_port(api_port, report)
    try:
        with folder_lock(layout, url_here(environ, port)):
            credentials = ensure_credentials(layout, environ)
            plan = make_plan(layout, Ports.chosen(free_port, port), environ, credentials, stub_seconds)
            end_leftovers(layout, report)
            supervisor = Supervisor(plan, report)
            ended = _ended_by_signals(supervisor)
            try:
                await _start(supervisor, ended)
                yield supervisor, ended
            finally:
                report("stopping")
                await supervisor.stop()
                report("stopped")
    except AlreadyRunning as error:
        raise CommandFailed(str(error), Exit.ALREADY_RUNNING) from error
    except (PartFailed, ServerMissing) as error:
        raise CommandFailed(f"Carnival did not start. {error}") from error


async def _start(supervisor: Supervisor, ended: asyncio.Event) -> None:
    """Raises Interrupted when the end is asked for meanwhile."""
    starting = asyncio.create_task(supervisor.start())
    interrupted = asyncio.create_task(ended.wait())
    try:
        await asyncio.wait({starting, interrupted}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            raise Interrupted
        starting.result()
    finally:
        await end_tasks([starting, interrupted])


def _ended_by_signals(supervisor: Supervisor) -> asyncio.Event:
    ended = asyncio.Event()

    def end() -> None:
        if ended.is_set():
            supervisor.kill()
        ended.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, end)
    return ended
