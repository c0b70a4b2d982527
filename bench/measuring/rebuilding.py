"""The projector's rebuild as the program that people start, watched from outside."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from contextlib import suppress
from dataclasses import dataclass

import psutil

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sight:
    """How far the rebuild was after `seconds`, and the memory it took then."""

    phase: str
    position: int
    seconds: float
    memory_mb: float


class Watched:
    """What was seen of one rebuild, in order."""

    def __init__(self, sights: list[Sight]) -> None:
        self._sights = sights

    @property
    def seconds(self) -> float:
        """From the first event to the swap."""
        return self._sights[-1].seconds

    def rate(self, after: int, until: int) -> float:
        """Events a second between two positions, as far as progress was told there."""
        inside = [sight for sight in self._sights if after <= sight.position <= until and sight.phase == "folding"]
        first, last = inside[0], inside[-1]
        return (last.position - first.position) / (last.seconds - first.seconds)

    def memory_mb(self, after: int, until: int) -> float:
        """The most it took between two positions."""
        return max(sight.memory_mb for sight in self._sights if after <= sight.position <= until)


async def watched_rebuild(nats_url: str, database_url: str, **environment: str) -> Watched:
    """One whole rebuild. Raises RuntimeError if it fails."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "projector", "rebuild"),
        env={**os.environ, "NATS_URL": nats_url, "DATABASE_URL": database_url, "LOG_LEVEL": "error", **environment},
        stdout=PIPE,
    )
    assert process.stdout is not None
    itself = psutil.Process(process.pid)
    sights: list[Sight] = []
    async for line in process.stdout:
        told = json.loads(line)
        memory = _memory_mb(itself) if told["phase"] != "done" else sights[-1].memory_mb
        sights.append(Sight(told["phase"], told["position"], told["seconds"], memory))
    if await process.wait() != 0:
        raise RuntimeError(f"the rebuild ended with {process.returncode}")
    return Watched(sights)


def _memory_mb(process: psutil.Process) -> float:
    """Of the program and of all processes that it has started."""
    total = process.memory_info().rss
    for child in process.children():
        with suppress(psutil.NoSuchProcess):
            total += child.memory_info().rss
    return total / MEGABYTE
