"""An empty read model beside the live one is filled with what the log says up to a position."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from functools import partial
from typing import Final

import structlog

from carnival.concurrency import end_tasks
from carnival.contracts.ids import Position
from carnival.contracts.notices import Projected
from carnival.log.port import EventLog
from projector.application.fold_in_bulk import FoldInBulk
from projector.application.follow_log import FollowLimits
from projector.application.ports import StoreUnavailable, Unwritable
from projector.application.project_batch import ProjectBatch
from projector.application.rebuild_ports import BuildingSite, Hands, NotInBulk
from projector.application.share import WHOLE, Share
from projector.application.take_entry import Fold
from projector.domain.fold import apply

CAREFUL_BATCH_MAX: Final = 2_000

_log = structlog.get_logger(__name__)


class FillSite:
    """In bulk, shared by as many as help; batch by batch where the log needs that."""

    def __init__(
        self, log: EventLog, site: BuildingSite, limits: FollowLimits, fold: Fold = apply, hands: Hands | None = None
    ) -> None:
        self._log = log
        self._site = site
        self._limits = limits
        self._fold = fold
        self._hands = hands or _NoHands()

    async def __call__(self, end: Position, told: Callable[[Position], None], *, anew: bool = False) -> ProjectBatch:
        """The ordinary projection into the site, which stands at `end`. What an interrupted filling has left is gone on
        with, unless `anew`. Raises RebuildUnderWay, NewerFold, TooManyParked, StoreUnavailable and errors of the log.
        """
        starts = await self._prepared(end, anew=anew)
        told(min(starts))
        return await self._filled(starts, end, told)

    async def _prepared(self, end: Position, *, anew: bool) -> Sequence[Position]:
        """Where each share begins. What an interrupted rebuild of a longer log has left is of no use."""
        kept = await self._site.prepare(anew=anew)
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
        await batch_by_batch(self._log, project, told, end)
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


async def batch_by_batch(
    log: EventLog, project: ProjectBatch, told: Callable[[Position], None], until: Position | None = None
) -> None:
    """The ordinary projection takes what is in the log behind it, up to `until` or the log's end."""
    async with aclosing(log.read(project.position, batch_max=CAREFUL_BATCH_MAX, until=until)) as batches:
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
