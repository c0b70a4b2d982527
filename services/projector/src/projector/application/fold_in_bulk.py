"""The whole log into an empty read model, as fast as rows can be copied: all of it, or a share.

New rows are inserted every so often, which frees their events. Changes of rows stay in memory until it is full, or the
log is at its end: so a rating that a thousand votes have moved is written once. Then, and now and then, the position
that is kept moves with them: there an interrupted rebuild goes on. Rows are indexed when they are all there; by their
runs already when some have to be found again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from functools import lru_cache
from typing import Final

from carnival.contracts.adoption import TreeAdopted
from carnival.contracts.envelope import Event, LogEntry, Recorded
from carnival.contracts.ids import Position, RunId
from carnival.contracts.pipeline import PipelineDefined
from carnival.contracts.run import RunStarted
from carnival.contracts.subjects import ALL_OF_PIPELINES, is_about_pipelines, run_of
from carnival.log.port import EventLog
from projector.application.follow_log import FollowLimits
from projector.application.memory import Memory
from projector.application.needs import needs_of
from projector.application.ports import Needs, Outcome
from projector.application.rebuild_ports import NotInBulk, SharePlace
from projector.application.share import WHOLE, Share
from projector.application.take_entry import Fold, take, words
from projector.domain import rating
from projector.domain.fold import is_in_run
from projector.domain.read_model import Changes

SUBJECTS_REMEMBERED: Final = 100_000

Told = Callable[[Position], None]


class FoldInBulk:
    """Use once."""

    def __init__(
        self,
        log: EventLog,
        place: SharePlace,
        limits: FollowLimits,
        fold: Fold,
        told: Told,
        start: Position,
        share: Share = WHOLE,
    ) -> None:
        self._log = log
        self._place = place
        self._limits = limits.of_share(share.of)
        self._share = share
        self._memory = Memory(self._limits.memory)
        self._parked_in_a_row = 0
        self._fold = fold
        self._told = told
        self._outcome = Outcome(start, start, self._memory.model.changes)
        self._kept = start
        self._resting = set[RunId]()
        self._adopting = False
        self._grown = 0
        self._writing: asyncio.Task[None] | None = None

    async def __call__(self, until: Position) -> None:
        """Up to `until`, which the log reaches. Raises NotInBulk, Unwritable, StoreUnavailable."""
        try:
            if self._kept:
                await self._place.index_runs()
                await self._learn_pipelines()
            await self._fold_all(until)
        finally:
            if self._writing is not None:
                self._writing.cancel()
                await asyncio.wait({self._writing})

    async def promoted(self) -> bool:
        """Whether a system was ever promoted, maybe in an earlier life of this rebuild: runs that were not in memory
        then, or fell to other shares, have ratings of an older one. The first share knows; ask when all are written."""
        model = self._memory.model
        if model.promotion is None:
            await self._place.load(Needs(promotion=True), model)
        return model.promotion != rating.FIRST

    async def _fold_all(self, until: Position) -> None:
        inserted = self._kept
        wanted = lru_cache(SUBJECTS_REMEMBERED)(self._share.wants) if self._share.of > 1 else None
        reading = self._log.read(self._kept, batch_max=self._limits.bulk_batch_max, until=until, wanted=wanted)
        async with aclosing(reading) as batches:
            async for batch in batches:
                await self._look_up(needs_of(batch, self._memory.model))
                for entry in batch:
                    self._take(entry)
                self._outcome.after = batch[-1].position
                if self._outcome.after - inserted >= self._limits.insert_every:
                    inserted = self._outcome.after
                    await self._insert()
                    self._told(self._outcome.after)
        self._outcome.after = max(self._outcome.after, until)
        await self._insert()
        await self._update()
        self._told(until)

    def _take(self, entry: LogEntry) -> None:
        event = entry.event if isinstance(entry, Recorded) else None
        if self._share.of > 1:
            if self._share.number and is_about_pipelines(entry.subject):
                self._learn(entry)
                return
            if event is not None and _strays(entry.subject, event):
                raise NotInBulk(f"entry {entry.position} is about another run than its subject")
        self._adopting = type(event) is TreeAdopted or (type(event) is RunStarted and event.origin is not None)
        try:
            parked = take(self._memory.model, entry, self._outcome, self._fold)
        except Exception as error:
            raise NotInBulk(f"entry {entry.position}: {words(error)}") from error
        self._parked_in_a_row = self._parked_in_a_row + 1 if parked else 0
        if self._parked_in_a_row > self._limits.parked_in_a_row_max:
            raise NotInBulk(f"too many parked in a row, up to {entry.position}")

    async def _learn_pipelines(self) -> None:
        """Those that were defined before this share goes on. Only the first share has rows of them."""
        if self._share.number:
            reading = self._log.read(Position(0), subjects=(ALL_OF_PIPELINES,), until=self._kept)
            async with aclosing(reading) as batches:
                async for batch in batches:
                    for entry in batch:
                        self._learn(entry)

    def _learn(self, entry: LogEntry) -> None:
        """Know a pipeline whose rows are another share's."""
        if isinstance(entry, Recorded) and type(entry.event) is PipelineDefined:
            model = self._memory.model
            own, model.changes = model.changes, Changes()
            take(model, entry, Outcome(entry.position, entry.position, model.changes), self._fold)
            model.changes = own

    async def _insert(self) -> None:
        changes = self._outcome.changes
        self._grown += sum(1 for new in changes.candidates if new.birth) + sum(
            1 for job in changes.jobs if job.requested
        )
        self._grown += len(changes.votes) // 16
        await self._written()
        self._writing = asyncio.create_task(self._place.insert(self._outcome))
        self._memory.model.mark_inserted()
        self._renew()
        due = self._grown > self._memory.rows_free or self._outcome.after - self._kept >= self._limits.keep_every
        if due and not self._adopting:
            await self._update()

    async def _update(self) -> None:
        """Write all changes, and forget the runs that rested longest if memory is full.

        Never amid the parts of an adopted tree: their rows bear older positions, and a rebuild that goes on from there
        could not tell them from what stays.
        """
        await self._written()
        rating.settle(self._memory.model)
        await self._place.update(self._outcome)
        runs = sorted(self._memory.model.runs.values(), key=lambda run: run.last_position)
        self._resting.update(self._memory.settle([run.run_id for run in runs]))
        self._kept = self._outcome.after
        self._grown = 0
        self._renew()

    async def _look_up(self, needs: Needs) -> None:
        """Rows of a run that was forgotten are many: they are found by indexes of their own."""
        if self._share.number:
            needs.pipelines.clear()
        if not needs:
            return
        await self._written()
        if not self._resting.isdisjoint(needs.runs):
            await self._place.index_runs()
            self._resting.difference_update(needs.runs)
        await self._place.load(needs, self._memory.model)

    async def _written(self) -> None:
        """One write at a time goes on beside the fold; this waits for it and lets its error out."""
        writing, self._writing = self._writing, None
        if writing is not None:
            await writing

    def _renew(self) -> None:
        self._outcome = Outcome(Position(0), self._outcome.after, self._memory.model.changes)


def _strays(subject: str, event: Event) -> bool:
    """Whether an event happens in a run that its subject does not name."""
    return (is_in_run(event) or isinstance(event, RunStarted)) and event.run_id != run_of(subject)
