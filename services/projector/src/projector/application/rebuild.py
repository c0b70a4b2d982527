"""A rebuild: the same fold from the first event on, into fresh tables beside the live ones, then one swap."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog

from carnival.concurrency import end_tasks
from carnival.contracts.ids import Position
from carnival.contracts.notices import Projected
from carnival.log.port import EventLog
from projector.application.fold_in_bulk import FoldInBulk
from projector.application.follow_log import FollowLimits
from projector.application.ports import Notices, StoreUnavailable, Unwritable
from projector.application.project_batch import ProjectBatch
from projector.application.rebuild_ports import BuildingSite, Hands, NotInBulk
from projector.application.share import WHOLE, Share
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
        hands: Hands | None = None,
    ) -> None:
        self._log = log
        self._site = site
        self._notices = notices
        self._report = report
        self._limits = limits or FollowLimits()
        self._fold = fold
        self._hands = hands or _NoHands()

    async def __call__(self) -> Position:
        """Where the new read model stands when it takes the place of the old one.

        Raises RebuildUnderWay, NewerFold, TooManyParked, StoreUnavailable and errors of the log.
        """
        started = time.monotonic()
        end = await self._log.end()

        def told(phase: str, position: Position) -> None:
            self._report(RebuildProgress(phase, position, max(end, position), round(time.monotonic() - started, 3)))

        try:
            starts = await self._prepared(end)
            told("folding", min(starts))
            project = await self._filled(starts, end, lambda position: told("folding", position))
            await self._catch_up(project, lambda position: told("catching_up", position))
            await self._site.tidy()
            told("swapping", project.position)
            await self._swap(project)
            await self._notices.projected(Projected(position=project.position))
            told("done", project.position)
        finally:
            await self._site.close()
        return project.position

    async def _prepared(self, end: Position) -> Sequence[Position]:
        """Where each share begins. What an interrupted rebuild of a longer log has left is of no use."""
        kept = await self._site.prepare()
        starts = await self._site.divide(self._hands.shares_for(end - kept))
        if max(starts) > end:
            await self._site.prepare(anew=True)
            starts = await self._site.divide(self._hands.shares_for(end))
        return starts

    async def _filled(
        self, starts: Sequence[Position], end: Position, told: Callable[[Position], None]
    ) -> ProjectBatch:
        """Everything up to `end`; what goes on from there is the ordinary projection."""
        try:
            await self._fold_shares(starts, end, told)
        except (NotInBulk, Unwritable) as error:
            _log.warning("The rebuild starts over, batch by batch", action="rebuild_is_careful", reason=str(error))
            await self._site.prepare(anew=True)
            await self._site.unite(Position(0))
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

    async def _fold_shares(self, starts: Sequence[Position], end: Position, told: Callable[[Position], None]) -> None:
        """The first share here, the others beside it; then all is one."""
        shares = [Share(number, len(starts)) for number in range(len(starts))] if len(starts) > 1 else [WHOLE]
        reached = list(starts)

        def told_of(share: Share, position: Position) -> None:
            reached[share.number] = position
            told(min(reached))

        first, *others = shares
        site, tell = self._site, [partial(told_of, share) for share in shares]
        fold = FoldInBulk(self._log, site.place(first), self._limits, self._fold, tell[0], starts[0], first)
        beside = [self._hands.fold(share, end, tell[share.number]) for share in others]
        tasks = [asyncio.create_task(folding) for folding in (fold(end), *beside)]
        try:
            await asyncio.gather(*tasks)
        finally:
            await end_tasks(tasks)
        await site.unite(end)
        await site.index()
        if await fold.promoted():
            await site.rate_anew()

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


class _NoHands:
    """This process folds all of it."""

    def shares_for(self, events: int) -> int:
        del events
        return 1

    async def fold(self, share: Share, until: Position, told: Callable[[Position], None]) -> None:
        del told
        raise StoreUnavailable(f"nobody is here to fold share {share.number} of {share.of} up to {until}")


class _NobodyListens:
    """Notices of a read model that nobody can see yet."""

    async def projected(self, notice: Projected) -> None:
        del notice
