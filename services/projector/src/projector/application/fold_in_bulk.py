"""The whole log into an empty read model, as fast as rows can be copied.

New rows are inserted every so often, which frees their events. Changes of rows stay in memory until it is full, or the
log is at its end: so a rating that a thousand votes have moved is written once. Then, and now and then, the checkpoint
moves with them: there an interrupted rebuild goes on. Rows are indexed when they are all there, or when some have to be
found again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing

from carnival.contracts.adoption import TreeAdopted
from carnival.contracts.envelope import LogEntry, Recorded
from carnival.contracts.ids import Position, RunId
from carnival.contracts.run import RunStarted
from carnival.log.port import EventLog
from projector.application.follow_log import FollowLimits
from projector.application.memory import Memory
from projector.application.needs import needs_of
from projector.application.ports import BuildingSite, Checkpoint, Needs, Outcome
from projector.application.take_entry import Fold, take, words
from projector.domain import rating

Told = Callable[[Position], None]


class NotInBulk(Exception):
    """Something in the log needs the careful way, batch by batch. What is in the building site is of no use."""


class FoldInBulk:
    """Use once."""

    def __init__(
        self, log: EventLog, site: BuildingSite, limits: FollowLimits, fold: Fold, told: Told, start: Checkpoint
    ) -> None:
        self._log = log
        self._site = site
        self._limits = limits
        self._memory = Memory(limits.memory)
        self._parked_in_a_row = start.parked_in_a_row
        self._fold = fold
        self._told = told
        self._outcome = Outcome(start.position, start.position, self._memory.model.changes)
        self._kept = start.position
        self._resting = set[RunId]()
        self._adopting = False
        self._grown = 0
        self._writing: asyncio.Task[None] | None = None

    async def __call__(self) -> Position:
        """Up to the end of the log as it was at the start; then all rows are indexed.

        Raises NotInBulk, Unwritable, StoreUnavailable.
        """
        try:
            if self._kept:
                await self._site.index()
            return await self._fold_all()
        finally:
            if self._writing is not None:
                self._writing.cancel()
                await asyncio.wait({self._writing})

    async def _fold_all(self) -> Position:
        inserted = self._kept
        async with aclosing(self._log.read(self._kept, batch_max=self._limits.bulk_batch_max)) as batches:
            async for batch in batches:
                model = self._memory.model
                if needs := needs_of(batch, model):
                    await self._written()
                    await self._look_up(needs)
                for entry in batch:
                    self._take(entry)
                self._outcome.after = batch[-1].position
                if self._outcome.after - inserted >= self._limits.insert_every:
                    inserted = self._outcome.after
                    await self._insert()
                    self._told(self._outcome.after)
        await self._insert()
        await self._update()
        await self._site.index()
        if await self._promoted():
            await self._site.rate_anew()
        return self._outcome.after

    def _take(self, entry: LogEntry) -> None:
        event = entry.event if isinstance(entry, Recorded) else None
        self._adopting = type(event) is TreeAdopted or (type(event) is RunStarted and event.origin is not None)
        try:
            parked = take(self._memory.model, entry, self._outcome, self._fold)
        except Exception as error:
            raise NotInBulk(f"entry {entry.position}: {words(error)}") from error
        self._parked_in_a_row = self._parked_in_a_row + 1 if parked else 0
        if self._parked_in_a_row > self._limits.parked_in_a_row_max:
            raise NotInBulk(f"too many parked in a row, up to {entry.position}")

    async def _insert(self) -> None:
        changes = self._outcome.changes
        self._grown += sum(1 for new in changes.candidates if new.birth) + sum(
            1 for job in changes.jobs if job.requested
        )
        self._grown += len(changes.votes) // 16
        await self._written()
        self._writing = asyncio.create_task(self._site.insert(self._outcome))
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
        await self._site.update(self._outcome)
        runs = sorted(self._memory.model.runs.values(), key=lambda run: run.last_position)
        self._resting.update(self._memory.settle([run.run_id for run in runs]))
        self._kept = self._outcome.after
        self._grown = 0
        self._renew()

    async def _look_up(self, needs: Needs) -> None:
        """Rows of a run that was forgotten are many: they are found by the indexes."""
        if not self._resting.isdisjoint(needs.runs):
            await self._site.index()
            self._resting.difference_update(needs.runs)
        await self._site.load(needs, self._memory.model)

    async def _promoted(self) -> bool:
        """Whether a system was ever promoted, maybe in an earlier life of this rebuild: runs that were not in memory
        then have ratings of an older one."""
        model = self._memory.model
        if model.promotion is None:
            await self._site.load(Needs(promotion=True), model)
        return model.promotion != rating.FIRST

    async def _written(self) -> None:
        """One write at a time goes on beside the fold; this waits for it and lets its error out."""
        writing, self._writing = self._writing, None
        if writing is not None:
            await writing

    def _renew(self) -> None:
        self._outcome = Outcome(Position(0), self._outcome.after, self._memory.model.changes)
