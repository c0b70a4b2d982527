"""What the selector needs from outside, beside the event log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from carnival.contracts.ids import Position, RunId
from selector.domain.capacity import Capacity
from selector.domain.frontier import RunFrontier
from selector.domain.rules import Limits
from selector.domain.survey import Survey

Clock = Callable[[], datetime]
"""The time now, UTC."""


class Reading(Protocol):
    """One consistent look at the read model; everything it answers is the state at `survey.position`."""

    @property
    def survey(self) -> Survey: ...

    async def frontiers(self, run_ids: Sequence[RunId]) -> Sequence[RunFrontier]:
        """The named runs, active or not, in any order; unknown ones are left out."""
        ...


class FrontierReader(Protocol):
    def open(self, limits: Limits) -> AbstractAsyncContextManager[Reading]:
        """A look at the state as it is now. Raises ReadModelUnavailable."""
        ...


class Presence(Protocol):
    """Who is there to do the work."""

    def capacity(self) -> Capacity: ...


class Projection(Protocol):
    """How far the read model has come."""

    async def reached(self, position: Position, seconds: float) -> bool:
        """Whether the read model holds everything up to `position`, after waiting for it `seconds` at the most."""
        ...


class Lease(Protocol):
    """The right to choose, held by one replica at a time."""

    @property
    def held(self) -> bool:
        """False from the moment on at which another replica could hold it."""
        ...

    @property
    def term(self) -> int:
        """Grows each time that the lease is taken anew."""
        ...


class Causes(Protocol):
    """Traces of people's commands that no decision has followed yet."""

    def behind(self, run_id: RunId, position: Position) -> Sequence[str]:
        """Traceparents of commands about the run that the state at `position` shows, the newest first."""
        ...

    def followed(self, run_id: RunId, position: Position) -> None:
        """A decision on that state was taken."""
        ...


class Wakes(Protocol):
    """Wake-ups, coalesced: many of them while nobody waits are one."""

    def wake(self) -> None: ...

    async def wait(self, seconds: float) -> bool:
        """True when woken, False when `seconds` went by without."""
        ...


class ReadModelUnavailable(Exception):
    """The read model cannot be read now, or is not there yet."""
