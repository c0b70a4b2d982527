"""A rebuild: the same fold from the first event on, into fresh tables beside the live ones, then one swap."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from carnival.contracts.ids import Position
from carnival.contracts.notices import Projected
from carnival.log.port import EventLog
from projector.application.fill_site import FillSite, batch_by_batch
from projector.application.follow_log import FollowLimits
from projector.application.ports import Notices, StoreUnavailable
from projector.application.project_batch import ProjectBatch
from projector.application.rebuild_ports import BuildingSite, Hands
from projector.application.take_entry import Fold
from projector.domain.fold import apply

CATCH_UP_ROUNDS_MAX: Final = 20
CATCH_UP_LAG: Final = 500
SWAP_TIMEOUT_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class RebuildProgress:
    """`phase` is folding, catching_up, swapping or done; `seconds` since the start."""

    phase: str
    position: Position
    end: Position
    seconds: float


class Rebuild:
    """One rebuild, while the live projector goes on. Interrupted anywhere, it leaves the live read model as it was;
    the next one goes on from what it has kept."""

    def __init__(
        self,
        log: EventLog,
        site: BuildingSite,
        notices: Notices,
        report: Callable[[RebuildProgress], None],
        limits: FollowLimits | None = None,
        fold: Fold = apply,
        hands: Hands | None = None,
    ) -> None:
        self._log = log
        self._site = site
        self._notices = notices
        self._report = report
        self._fill = FillSite(log, site, limits or FollowLimits(), fold, hands)

    async def __call__(self) -> Position:
        """Where the new read model stands when it takes the place of the old one.

        Raises RebuildUnderWay, NewerFold, TooManyParked, StoreUnavailable and errors of the log.
        """
        started = time.monotonic()
        end = await self._log.end()

        def told(phase: str, position: Position) -> None:
            self._report(RebuildProgress(phase, position, max(end, position), round(time.monotonic() - started, 3)))

        try:
            project = await self._fill(end, partial(told, "folding"))
            await self._catch_up(project, partial(told, "catching_up"))
            await self._site.tidy()
            told("swapping", project.position)
            await self._swap(project)
            await self._notices.projected(Projected(position=project.position))
            told("done", project.position)
        finally:
            await self._site.close()
        return project.position

    async def _catch_up(self, project: ProjectBatch, told: Callable[[Position], None]) -> None:
        """Follow the growing log until little is left."""
        for _ in range(CATCH_UP_ROUNDS_MAX):
            if await self._log.end() - project.position <= CATCH_UP_LAG:
                return
            await batch_by_batch(self._log, project, told)

    async def _swap(self, project: ProjectBatch) -> None:
        """The live projection stands still while the last few events are folded, so the new rows are never behind."""
        try:
            async with asyncio.timeout(SWAP_TIMEOUT_SECONDS), self._site.swap() as live:
                if project.position < live:
                    await batch_by_batch(self._log, project, lambda _: None)
                if project.position < live:
                    raise StoreUnavailable(f"the log ends at {project.position}, the live rows at {live}")
        except TimeoutError as error:
            raise StoreUnavailable(f"the swap took more than {SWAP_TIMEOUT_SECONDS:.0f} s") from error
