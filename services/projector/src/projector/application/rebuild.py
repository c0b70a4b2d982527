"""A rebuild: the same fold from the first event on, into fresh tables beside the live ones, then one swap."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

import structlog

from carnival.contracts.ids import Position
from carnival.contracts.notices import Projected
from carnival.log.port import EventLog
from projector.application.fold_in_bulk import FoldInBulk, NotInBulk
from projector.application.follow_log import FollowLimits
from projector.application.ports import BuildingSite, Checkpoint, Notices, StoreUnavailable, Unwritable
from projector.application.project_batch import ProjectBatch
from projector.application.take_entry import Fold
from projector.domain.fold import apply

CATCH_UP_ROUNDS_MAX: Final = 20
CATCH_UP_LAG: Final = 500
SWAP_TIMEOUT_SECONDS: Final = 30.0
CAREFUL_BATCH_MAX: Final = 2_000

_log = structlog.get_logger(__name__)


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
    ) -> None:
        self._log = log
        self._site = site
        self._notices = notices
        self._report = report
        self._limits = limits or FollowLimits()
        self._fold = fold

    async def __call__(self) -> Position:
        """Where the new read model stands when it takes the place of the old one.

        Raises RebuildUnderWay, NewerFold, TooManyParked, StoreUnavailable and errors of the log.
        """
        started = time.monotonic()
        end = await self._log.end()

        def told(phase: str, position: Position) -> None:
            self._report(RebuildProgress(phase, position, max(end, position), round(time.monotonic() - started, 3)))

        try:
            start = await self._site.prepare()
            if start.position > end:
                start = await self._site.prepare(anew=True)
            told("folding", start.position)
            project = await self._filled(start, lambda position: told("folding", position))
            await self._catch_up(project, lambda position: told("catching_up", position))
            await self._site.tidy()
            told("swapping", project.position)
            await self._swap(project)
            await self._notices.projected(Projected(position=project.position))
            told("done", project.position)
        finally:
            await self._site.close()
        return project.position

    async def _filled(self, start: Checkpoint, told: Callable[[Position], None]) -> ProjectBatch:
        """Everything up to the present end of the log; what goes on from there is the ordinary projection."""
        try:
            await FoldInBulk(self._log, self._site, self._limits, self._fold, told, start)()
        except (NotInBulk, Unwritable) as error:
            _log.warning("The rebuild starts over, batch by batch", action="rebuild_is_careful", reason=str(error))
            await self._site.prepare(anew=True)
            await self._site.index()
        project = ProjectBatch(
            self._site.rows,
            _NobodyListens(),
            await self._site.rows.checkpoint(),
            self._limits.memory,
            self._limits.parked_in_a_row_max,
            self._fold,
        )
        await self._read(project, told)
        return project

    async def _catch_up(self, project: ProjectBatch, told: Callable[[Position], None]) -> None:
        """Follow the growing log until little is left."""
        for _ in range(CATCH_UP_ROUNDS_MAX):
            if await self._log.end() - project.position <= CATCH_UP_LAG:
                return
            await self._read(project, told)

    async def _swap(self, project: ProjectBatch) -> None:
        """The live projection stands still while the last few events are folded, so the new rows are never behind."""
        try:
            async with asyncio.timeout(SWAP_TIMEOUT_SECONDS), self._site.swap() as live:
                if project.position < live:
                    await self._read(project, lambda _: None)
                if project.position < live:
                    raise StoreUnavailable(f"the log ends at {project.position}, the live rows at {live}")
        except TimeoutError as error:
            raise StoreUnavailable(f"the swap took more than {SWAP_TIMEOUT_SECONDS:.0f} s") from error

    async def _read(self, project: ProjectBatch, told: Callable[[Position], None]) -> None:
        async with aclosing(self._log.read(project.position, batch_max=CAREFUL_BATCH_MAX)) as batches:
            async for batch in batches:
                await project(batch)
                told(project.position)


class _NobodyListens:
    """Notices of a read model that nobody can see yet."""

    async def projected(self, notice: Projected) -> None:
        del notice
