"""Rescorings beside the live ratings, and what promotes them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from integration.projector.projecting import no_rebuild, project_all, rows, running, write
from unit.projector.histories import history
from unit.projector.test_rescorings import promotion

from carnival.concurrency import end_tasks
from carnival.contracts.envelope import Recorded
from carnival.contracts.ids import Position
from carnival.contracts.notices import WorkProgress
from carnival.contracts.rating import RescoringDropped, RescoringFinished, RescoringRequested
from carnival.testing import until
from carnival.testing.memory_log import MemoryEventLog
from projector.adapters.history import PostgresHistory
from projector.adapters.row_store import PostgresRows
from projector.application.follow_log import FollowLog
from projector.application.rescore import Rescore


class Told:
    """Keeps the progress of work."""

    def __init__(self) -> None:
        self.over_with: list[str] = []

    async def under_way(self, progress: WorkProgress) -> None:
        assert progress.done <= progress.total

    async def over(self, kind: str, identity: str) -> None:
        self.over_with.append(identity)


class Silent:
    async def projected(self, notice: object) -> None:
        """Nobody listens."""


@asynccontextmanager
async def rescoring_projector(log: MemoryEventLog, url: str) -> AsyncGenerator[FollowLog]:
    """A projector that follows and rescores while the block runs."""
    follow, past = FollowLog(log, PostgresRows(url), Silent(), no_rebuild), PostgresHistory(url)
    rescore = Rescore(log, past, Told(), lambda: follow.position is not None)
    async with running(follow):
        task = asyncio.create_task(rescore.run())
        try:
            yield follow
        finally:
            await end_tasks([task])
            await past.close()


async def finished(log: MemoryEventLog) -> list[RescoringFinished]:
    entries = [entry async for batch in log.read(Position(0)) for entry in batch if isinstance(entry, Recorded)]
    return [entry.event for entry in entries if isinstance(entry.event, RescoringFinished)]


async def test_a_rescoring_that_was_asked_for_is_computed_compared_and_recorded(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, history(41, 900, runs=3))
    await write(log, [RescoringRequested(rescoring_id="s1", system="weng-lin")])
    async with rescoring_projector(log, postgres_url) as follow:
        await until(lambda: follow.position == 902, 30, "the rescoring to be recorded")
    [event] = await finished(log)
    votes = await rows(postgres_url, "SELECT sum(votes)::integer AS votes FROM runs")
    assert event.votes == votes[0]["votes"] > 0
    assert event.up_to == 901
    assert event.comparison.columns == len(event.comparison.agreements) > 0
    assert all(-1 <= (one.kendall or 0) <= 1 for one in event.comparison.agreements)
    stored = await rows(postgres_url, "SELECT state, digest, comparison FROM rescorings")
    assert stored[0]["state"] == "finished"
    assert stored[0]["comparison"] == event.comparison.model_dump(mode="json")


async def test_the_system_in_force_agrees_with_itself_and_a_promotion_makes_it_so(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, [*history(42, 700, runs=3), *promotion("bradley-terry")])
    await project_all(log, postgres_url)
    asked = [RescoringRequested(rescoring_id=name, system=name) for name in ("bradley-terry", "elo")]
    await write(log, asked)
    async with rescoring_projector(log, postgres_url):
        await until(lambda: finished_count(log, 3), 30, "both rescorings")
    same, other = (await finished(log))[1:]
    assert same.comparison.moves_total == same.comparison.finals_total == 0
    assert all(one.kendall in {None, 1.0} for one in same.comparison.agreements)
    assert other.comparison.moves_total == len(other.comparison.moves) > 0
    assert same.digest != other.digest


async def test_a_dropped_rescoring_stops_and_one_that_was_interrupted_begins_again(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, history(43, 300))
    await write(
        log, [RescoringRequested(rescoring_id="s1", system="elo"), RescoringDropped(rescoring_id="s1", system="elo")]
    )
    await write(log, [RescoringRequested(rescoring_id="s2", system="elo")])
    await project_all(log, postgres_url)
    past = PostgresHistory(postgres_url)
    [waiting] = await past.requested()
    assert waiting.rescoring_id == "s2"
    first = Rescore(log, past, Told(), lambda: True)
    assert (event := await first(waiting)) is not None
    assert await Rescore(log, past, Told(), lambda: True)(waiting) == event
    await past.close()
    assert len(await finished(log)) == 1


async def finished_count(log: MemoryEventLog, wanted: int) -> bool:
    return len(await finished(log)) >= wanted
