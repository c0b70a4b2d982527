"""Starting, crashing and stopping a stand-in inside the running event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web

from comfy_stub.app import application
from comfy_stub.ledger import Ledger
from comfy_stub.settings import Settings
from comfy_stub.stub import Line, Stub

SHUTDOWN_SECONDS = 0.1


class RunningStub:
    """A stand-in on a real port. `crash` and `revive` keep the port, the files and the ledger, and lose all else."""

    def __init__(self, settings: Settings, on_crash: Callable[[], None] | None = None) -> None:
        self.settings = settings
        self.port = settings.port
        self.ledger = Ledger()
        self._on_crash = on_crash or self._crash_soon
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._stub: Stub | None = None
        self._crashing: asyncio.Task[None] | None = None
        self._changing = asyncio.Lock()

    @property
    def url(self) -> str:
        return f"http://{self.settings.host}:{self.port}"

    @property
    def stub(self) -> Stub:
        """The parts of the server, for tests that look inside. Raises RuntimeError when it is down."""
        if self._stub is None:
            raise RuntimeError("the stand-in is not running")
        return self._stub

    @property
    def is_up(self) -> bool:
        return self._stub is not None

    async def start(self) -> None:
        """Listen; waits for the end of a crash under way."""
        async with self._changing:
            self._stub = Stub(self.settings, self._lines, self._on_crash, self.ledger)
            self._runner = web.AppRunner(application(self._stub), shutdown_timeout=SHUTDOWN_SECONDS)
            await self._runner.setup()
            self._stub.start()
            self._site = web.TCPSite(self._runner, self.settings.host, self.port, reuse_address=True)
            await self._site.start()
            self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Free the port and break all connections without a farewell, as ComfyUI does on SIGTERM."""
        if self._crashing is not None:
            await self._crashing
            self._crashing = None
        await self._end()

    async def crash(self) -> None:
        """As kill -9: nothing listens any more, nothing is remembered; files stay."""
        await self.stop()

    async def revive(self) -> None:
        """Start again on the same port with the same files."""
        await self.stop()
        await self.start()

    async def _end(self) -> None:
        async with self._changing:
            await self._end_parts()

    async def _end_parts(self) -> None:
        runner, site, stub = self._runner, self._site, self._stub
        self._site = self._stub = None
        if runner is None or site is None or stub is None:
            return
        await site.stop()
        stub.cut_lines()
        await stub.stop()
        await runner.cleanup()
        self._runner = None
        stub.files.empty_temp()

    def _crash_soon(self) -> None:
        """A crash asked for over HTTP: its own request is among the connections that break."""
        if self._stub is not None:
            self._stub.cut_lines()
        self._crashing = asyncio.create_task(self._end())

    def _lines(self) -> list[Line]:
        if self._runner is None or self._runner.server is None:
            return []
        transports = (handler.transport for handler in self._runner.server.connections)
        return [transport for transport in transports if transport is not None]


@asynccontextmanager
async def running_stub(settings: Settings | None = None) -> AsyncGenerator[RunningStub]:
    """A stand-in for the length of a test.

    Without settings it listens on a free loopback port, keeps its files in a folder of its own and draws as fast
    as it can.
    """
    with TemporaryDirectory(prefix="comfy-stub-") as folder:
        chosen = settings or Settings(seconds_per_image=0.0)
        if chosen.data == Settings().data:
            chosen = replace(chosen, data=Path(folder))
        running = RunningStub(chosen)
        await running.start()
        try:
            yield running
        finally:
            await running.stop()
