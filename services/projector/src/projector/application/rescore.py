"""Another rating system over all votes, beside the live ratings: computed, compared, recorded."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Final

import structlog

from carnival.concurrency import end_tasks
from carnival.contracts.catalogue import PROJECTOR
from carnival.contracts.ids import derived_id
from carnival.contracts.notices import WorkProgress
from carnival.contracts.rating import RescoringFinished
from carnival.log.errors import LogError
from carnival.log.metadata import fresh_metadata
from carnival.log.port import EventLog
from projector.application.ports import FrozenHistory, History, StoreUnavailable, WorkNotices
from projector.domain.ratings.choosing import rating_system
from projector.domain.read_model import Rescoring
from projector.domain.rescoring_report import RescoringReport

LOOK_SECONDS: Final = 1.0
PAUSE_SECONDS: Final = 5.0
TELL_SECONDS: Final = 0.5
KIND: Final = "rescoring"

_log = structlog.get_logger(__name__)


async def rate_all(frozen: FrozenHistory, report: RescoringReport) -> AsyncGenerator[int]:
    """Every run into the report; tells now and then how many votes are rated.

    Some runs are rated beside the loop, which reads the next ones meanwhile.
    """
    rating = asyncio.create_task(asyncio.sleep(0))
    try:
        async with aclosing(frozen.runs()) as portions:
            async for runs in portions:
                await rating
                yield report.votes
                rating = asyncio.create_task(asyncio.to_thread(report.add_all, runs))
        await rating
    finally:
        await asyncio.wait({rating})


class Rescore:
    """Does what is asked for, one after the other, while `at_work` says that this projector is the active one.

    Interrupted anywhere it begins again: the request stands in the log, and the answer has an id of its own.
    """

    def __init__(self, log: EventLog, history: History, notices: WorkNotices, at_work: Callable[[], bool]) -> None:
        self._log = log
        self._history = history
        self._notices = notices
        self._at_work = at_work

    async def run(self) -> None:
        """For ever; end it by cancelling."""
        while True:
            try:
                waiting = await self._history.requested() if self._at_work() else []
                for rescoring in waiting:
                    await self(rescoring)
                await asyncio.sleep(LOOK_SECONDS)
            except (StoreUnavailable, LogError) as error:
                _log.warning("A rescoring has to wait", action="rescoring_waits", reason=str(error))
                await asyncio.sleep(PAUSE_SECONDS)

    async def __call__(self, rescoring: Rescoring) -> RescoringFinished | None:
        """Compute and record one; None if it was dropped meanwhile. Raises StoreUnavailable and errors of the log."""
        _log.info("A rescoring begins", action="rescoring_begins", rescoring_id=rescoring.rescoring_id)
        computing = asyncio.create_task(self._compute(rescoring))
        watching = asyncio.create_task(self._dropped(rescoring))
        try:
            await asyncio.wait({computing, watching}, return_when=asyncio.FIRST_COMPLETED)
            if not computing.done():
                watching.result()
                return None
            event = computing.result()
        finally:
            await end_tasks([computing, watching])
            await self._notices.over(KIND, rescoring.rescoring_id)
        identity = derived_id(event.wire_name, event.rescoring_id)
        await self._log.append(event, fresh_metadata(source=PROJECTOR, event_id=identity))
        return event

    async def _compute(self, rescoring: Rescoring) -> RescoringFinished:
        report = RescoringReport(rating_system(rescoring.system, rescoring.settings))
        started = told = time.monotonic()
        async with self._history.frozen() as frozen:
            async for votes in rate_all(frozen, report):
                if time.monotonic() - told > TELL_SECONDS:
                    told = time.monotonic()
                    await self._tell(rescoring, votes, frozen.votes, told - started)
            return report.finished(rescoring.rescoring_id, rescoring.system, frozen.position)

    async def _dropped(self, rescoring: Rescoring) -> None:
        """Returns when nobody wants it any more."""
        waiting = True
        while waiting:
            await asyncio.sleep(LOOK_SECONDS)
            waiting = any(one.rescoring_id == rescoring.rescoring_id for one in await self._history.requested())

    async def _tell(self, rescoring: Rescoring, votes: int, total: int, seconds: float) -> None:
        await self._notices.under_way(
            WorkProgress(
                kind=KIND, id=rescoring.rescoring_id, phase="votes", done=votes, total=total, seconds=round(seconds, 3)
            )
        )
