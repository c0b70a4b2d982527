"""Shares of a rebuild in processes of their own, as one process of Python computes on one core.

What is said between the two: the process tells on stdout how far it has come, a line each time; the first one says
that nobody else can begin a rebuild now. Then a line on its stdin lets it go. When its stdin ends, so does the process:
it never outlives the one that started it.
"""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Coroutine, Mapping
from typing import Final

from carnival.concurrency import end_tasks
from carnival.contracts.ids import Position
from projector.application.ports import StoreUnavailable
from projector.application.rebuild_ports import NotInBulk
from projector.application.share import Share, shares_for

GO: Final = b"go\n"
NEEDS_CARE: Final = 3
"""Exit status of a process that has met something which cannot be folded in bulk."""
CORES_MAX: Final = 4
"""Beyond that, Postgres and the log are the limit."""


class ShareProcesses:
    """Implements `Hands`. `processes` None: as many as the machine has cores for, and as are worth it."""

    def __init__(self, processes: int | None, environment: Mapping[str, str] = os.environ) -> None:
        self._processes = processes
        self._environment = environment

    def shares_for(self, events: int) -> int:
        if self._processes is not None:
            return self._processes
        return shares_for(events, min(CORES_MAX, os.cpu_count() or 1))

    async def fold(self, share: Share, until: Position, told: Callable[[Position], None]) -> None:
        arguments = (str(share.number), str(share.of), str(until))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "projector", "fold-share", *arguments),
            env=dict(self._environment),
            stdin=PIPE,
            stdout=PIPE,
        )
        try:
            status = await _followed(process, told)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if status == NEEDS_CARE:
            raise NotInBulk(f"share {share.number} of {share.of}")
        if status != 0:
            raise StoreUnavailable(f"the process of share {share.number} ended with status {status}")


async def _followed(process: Process, told: Callable[[Position], None]) -> int:
    """Its exit status."""
    assert process.stdin is not None
    assert process.stdout is not None
    if await process.stdout.readline():
        process.stdin.write(GO)
    async for line in process.stdout:
        told(Position(int(line)))
    return await process.wait()


def tell(position: Position) -> None:
    """At the other end: so far this process has come."""
    print(position, flush=True)


async def while_wanted(work: Callable[[], Coroutine[None, None, None]]) -> None:
    """At the other end: `work`, once the process that started this one says go, and no longer than it lives.

    Raises Unwanted, and what `work` raises.
    """
    line = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(line), sys.stdin)
    if await line.readline() != GO:
        raise Unwanted("nobody waits for this share")
    working, hanging_up = asyncio.create_task(work()), asyncio.create_task(line.read())
    try:
        await asyncio.wait({working, hanging_up}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Unwanted("whoever started this process is gone")
        await working
    finally:
        await end_tasks({working, hanging_up})


class Unwanted(Exception):
    """The process that started this one has ended."""
