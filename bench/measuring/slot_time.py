"""What a slot did with its time, by the timestamps of its own server. All times are milliseconds since 1970."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import httpx

REQUEST_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Execution:
    """One job on one server, from `execution_start` to its end."""

    started: int
    ended: int


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time that is looked at."""

    start: int
    end: int

    @property
    def seconds(self) -> float:
        return (self.end - self.start) / 1000


async def executions_of(stub_url: str) -> list[Execution]:
    """All successful executions of a stand-in since it began, in their order."""
    async with httpx.AsyncClient(base_url=stub_url, timeout=REQUEST_SECONDS) as client:
        jobs = (await client.get("/stub/jobs")).raise_for_status().json()["jobs"]
    good = [Execution(job["started_ms"], job["ended_ms"]) for job in jobs if job["verdict"] == "success"]
    return sorted(good, key=lambda execution: execution.started)


def gaps(executions: Sequence[Execution]) -> list[int]:
    """Milliseconds from the end of each execution to the start of the next one."""
    return [later.started - earlier.ended for earlier, later in pairwise(executions)]


def whole(executions: Sequence[Execution]) -> Window:
    """From the first start to the last end."""
    return Window(executions[0].started, executions[-1].ended)


def busy_share(executions: Sequence[Execution], window: Window) -> float:
    """The part of the window in which the slot executed something."""
    return sum(_inside(execution, window) for execution in executions) / (window.end - window.start)


def images_in(executions: Sequence[Execution], window: Window) -> float:
    """Images made in the window; one that lies over its edge counts with the part inside."""
    return sum(_inside(one, window) / max(1, one.ended - one.started) for one in executions)


def _inside(execution: Execution, window: Window) -> int:
    return max(0, min(execution.ended, window.end) - max(execution.started, window.start))
