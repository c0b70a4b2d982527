"""The parts of a running stand-in, and what it takes to crash or restart one."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from typing import Protocol

from comfy_stub.behaviour import Behaviour
from comfy_stub.downfall import Downfall
from comfy_stub.engine import Engine
from comfy_stub.files import Files
from comfy_stub.ledger import Ledger
from comfy_stub.models import ModelShelf
from comfy_stub.nodes.definition import Surroundings
from comfy_stub.settings import Settings
from comfy_stub.sockets import Sockets
from comfy_stub.standstill import Standstill


class Line(Protocol):
    """A network connection that can be cut without a farewell."""

    def abort(self) -> None: ...


class Stub:
    """State shared by all routes. `engine` is replaced on a restart, everything else lives on."""

    def __init__(
        self,
        settings: Settings,
        lines: Callable[[], Iterable[Line]],
        crash: Callable[[], None],
        ledger: Ledger,
    ) -> None:
        self.settings = settings
        self.behaviour = Behaviour.from_settings(settings)
        self.files = Files(settings.data)
        self.surroundings = Surroundings(self.files, ModelShelf(self.behaviour))
        self.ledger = ledger
        self.users: dict[str, str] = {}
        self._loop = asyncio.get_running_loop()
        self.standstill = Standstill()
        self.sockets = Sockets(self._loop, self.standstill)
        self.crash = crash
        self._lines = lines
        self.engine = self._new_engine()
        self._publisher: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.files.prepare()
        self.files.empty_temp()
        self.engine.start()
        self._publisher = asyncio.create_task(self.sockets.publish())

    async def stop(self) -> None:
        self.engine.stop()
        if self._publisher is not None:
            self._publisher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._publisher
        await asyncio.to_thread(self.engine.worker.join, 5.0)

    def cut_lines(self, spared: object = None) -> None:
        """Break every connection but the `spared` one, WebSockets without a close frame."""
        for line in list(self._lines()):
            if line is not spared:
                line.abort()

    def forget(self, spared: object = None) -> None:
        """What a restart does: queue, history and cache are lost, numbers begin at 0, connections break."""
        self.engine.stop()
        self.cut_lines(spared)
        self.sockets.forget_all()
        self.files.empty_temp()
        self.engine = self._new_engine()
        self.engine.start()

    def _new_engine(self) -> Engine:
        return Engine(self.settings, self.behaviour, self.surroundings, self.sockets, self.ledger, self.fall)

    def fall(self, planned: Downfall) -> None:
        """Go down as planned; from any thread."""
        self._loop.call_soon_threadsafe(self.forget if planned.restart else self.crash)
