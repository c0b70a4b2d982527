"""One program kept running: started again whenever it ends, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import time
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Final

from carnival_cli.child import Program, popen_arguments
from carnival_cli.servers.installed import ServerMissing
from carnival_cli.up.part import Part

FIRST_PAUSE_SECONDS: Final = 0.2
PAUSE_SECONDS_MAX: Final = 5.0
STEADY_SECONDS: Final = 10.0
POLL_SECONDS: Final = 0.1
STUCK_LOOK_SECONDS: Final = 5.0
STUCK_END_SECONDS: Final = 10.0
DEATHS_BEFORE_READY_MAX: Final = 3
LOG_TAIL_CHARACTERS: Final = 2000


class PartState(StrEnum):
    STARTING = "starting"
    READY = "ready"
    PAUSING = "pausing"
    STOPPED = "stopped"


class PartFailed(Exception):
    """A program did not become ready. The message names it and shows the end of its log."""


def next_pause(pause: float, lived_seconds: float) -> float:
    """The pause before the next start: 0.2 s after a steady life, doubled up to 5 s while it dies young."""
    if lived_seconds >= STEADY_SECONDS or pause <= 0:
        return FIRST_PAUSE_SECONDS
    return min(PAUSE_SECONDS_MAX, pause * 2)


class SupervisedProcess:
    """Runs one part. `changed` is called after every change of `state` or `pid`."""

    def __init__(self, part: Part, log: Path, changed: Callable[[], None]) -> None:
        self.part = part
        self.log = log
        self.state = PartState.STOPPED
        self.pid: int | None = None
        self.restarts = 0
        self._changed = changed
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._program: Program | None = None
        self._process: Process | None = None
        self._ready = asyncio.Event()

    def start(self) -> None:
        self._task = asyncio.create_task(self._keep_running(), name=f"keep {self.part.name} running")

    async def wait_until_ready(self, seconds: float) -> None:
        """Raises PartFailed when it gives no good answer in time, or keeps dying before it does; and ServerMissing."""
        if self._task is None:
            raise PartFailed(f"{self.part.name} was not started")
        ready = asyncio.create_task(self._ready.wait())
        try:
            await asyncio.wait({ready, self._task}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ready.cancel()
        if self._task.done():
            self._task.result()
        if not self._ready.is_set():
            raise PartFailed(f"{self.part.name} is not ready after {seconds:.0f} s:\n{self._end_of_log()}")

    async def stop(self, seconds: float) -> None:
        """Ask it to end, wait `seconds`, then kill it. Returns when it is gone."""
        self._stopping.set()
        task = self._task
        if task is None:
            return
        self._signal_end()
        done, _ = await asyncio.wait({task}, timeout=seconds)
        if not done:
            self.kill()
            await asyncio.wait({task})
        with contextlib.suppress(PartFailed, ServerMissing, OSError):
            task.result()

    def kill(self) -> None:
        self._stopping.set()
        with contextlib.suppress(ProcessLookupError):
            if self._process is not None:
                self._process.kill()

    async def _keep_running(self) -> None:
        pause = 0.0
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                await self._live_once()
            except OSError:
                if not self._ready.is_set():
                    raise
                # It has been started before: the disk is full now, and will not be for ever.
            if self._stopping.is_set():
                break
            self.restarts += 1
            if self.restarts >= DEATHS_BEFORE_READY_MAX and not self._ready.is_set():
                raise PartFailed(f"{self.part.name} ends as soon as it starts:\n{self._end_of_log()}")
            pause = next_pause(pause, time.monotonic() - began)
            self._set(PartState.PAUSING)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
        self._set(PartState.STOPPED)

    async def _live_once(self) -> None:
        program = await asyncio.to_thread(self.part.prepare)
        self._program = program
        with self.log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *program.argv, stdin=DEVNULL, stdout=output, stderr=STDOUT, **popen_arguments(program)
            )
        self._process, self.pid = process, process.pid
        self._set(PartState.STARTING)
        if self._stopping.is_set():
            self._signal_end()
        watching = [asyncio.create_task(self._announce_ready()), asyncio.create_task(self._end_when_stuck(process))]
        try:
            await process.wait()
        finally:
            for watch in watching:
                watch.cancel()
        self._process, self.pid = None, None

    async def _end_when_stuck(self, process: Process) -> None:
        """It is started again then. Also before it is ready: one that is stuck so early never would be."""
        if self.part.is_stuck is None:
            return
        while not await asyncio.to_thread(self.part.is_stuck):  # noqa: ASYNC110 - another process gets stuck
            await asyncio.sleep(STUCK_LOOK_SECONDS)
        self._signal_end()
        await asyncio.sleep(STUCK_END_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            process.kill()

    async def _announce_ready(self) -> None:
        while not await asyncio.to_thread(self.part.is_ready):  # noqa: ASYNC110 - another process becomes ready
            await asyncio.sleep(POLL_SECONDS)
        self._ready.set()
        self._set(PartState.READY)

    def _signal_end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self._process is not None and self._program is not None:
                self._process.send_signal(self._program.stop_signal)

    def _set(self, state: PartState) -> None:
        self.state = state
        self._changed()

    def _end_of_log(self) -> str:
        if not self.log.exists():
            return "(it has written nothing)"
        return self.log.read_text(encoding="utf-8", errors="replace")[-LOG_TAIL_CHARACTERS:].strip()
