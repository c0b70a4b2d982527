"""One program of the whole: how to start it and how to know that it is ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from carnival_cli.child import Program


class Stage(IntEnum):
    """What starts together; a stage starts when all of the stage before it is ready."""

    SERVERS = 0
    PROJECTION = 1
    WORK = 2


@dataclass(frozen=True, slots=True)
class Part:
    """One supervised program. `prepare`, `is_ready` and `is_stuck` block for some seconds at the most; they run in a
    thread. `is_stuck`: it runs, and works no more until it is started again; None: that does not happen to it.
    """

    name: str
    stage: Stage
    port: int
    prepare: Callable[[], Program]
    is_ready: Callable[[], bool]
    is_stuck: Callable[[], bool] | None = None
