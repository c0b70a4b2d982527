"""A run as it was: equal, bit for bit, to what the live read model said then."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from random import Random
from typing import Any, LiteralString

import psycopg
import pytest
from integration.projector.projecting import Heard, project_all, write
from psycopg.rows import DictRow, dict_row
from unit.projector.histories import history
from unit.projector.story import Story
from unit.projector.test_rescorings import promotion

from carnival.contracts.envelope import Event
from carnival.contracts.ids import Position, RunId, VoteId
from carnival.contracts.past import PastProblem, RunAt, RunAtAsked, VoteFacts
from carnival.contracts.rating import RatingChoice
from carnival.contracts.run import RunChanged
from carnival.contracts.vote import VoteCast
from carnival.log.nats_log import NatsEventLog
from carnival.log.port import EventLog
from carnival.testing.memory_log import MemoryEventLog
from projector.adapters.row_store import PostgresRows
from projector.adapters.verdicts import PostgresVerdicts
from projector.application.look_back import LookBack
from projector.application.memory import MemoryLimits
from projector.application.project_batch import ProjectBatch

RUNS = ("r0", "r1", "r2")
CEILINGS = {"images": "ceiling_images", "gpu_seconds": "ceiling_gpu_seconds", "deadline": "ceiling_deadline"}
TABLES: dict[str, LiteralString] = {
    "run": "SELECT * FROM carnival.runs",
    "columns": "SELECT * FROM carnival.run_steps ORDER BY step_order",
    "candidates": "SELECT * FROM carnival.candidates ORDER BY position",
    "votes": "SELECT * FROM carnival.votes WHERE NOT retracted AND (guest_link IS NULL OR merged) ORDER BY position",
    "open_jobs": "SELECT * FROM carnival.jobs WHERE state IN ('pending', 'submitted') ORDER BY position",
}

Rows = dict[str, dict[str, list[DictRow]]]
"""By run, then by table."""


@asynccontextmanager
async def looking_back(log: EventLog, url: str) -> AsyncGenerator[LookBack]:
    verdicts = PostgresVerdicts(url)
    try:
        yield LookBack(log, verdicts)
    finally:
        await verdicts.close()


async def whole(look_back: LookBack, run_id: str, position: int, page: int = 500) -> RunAt | None:
    """All pages of a look as one."""
    asked = RunAtAsked(run_id=RunId(run_id), position=Position(position), candidates_max=page)
    found = (await look_back(asked)).found
    if found is None:
        return None
    candidates, more = [*found.candidates], found.next
    while more is not None:
        page_found = (await look_back(asked.model_copy(update={"after": more}))).found
        assert page_found is not None
        candidates += page_found.candidates
        more = page_found.next
    votes, more = list[VoteFacts](), Position(0)
    while more is not None:
        page_of_votes = asked.model_copy(update={"candidates_max": 0, "votes_max": page, "after": more})
        page_found = (await look_back(page_of_votes)).found
        assert page_found is not None
        votes += page_found.votes
        more = page_found.next
    return found.model_copy(update={"candidates": tuple(candidates), "votes": tuple(votes), "next": None})


async def projected_one_by_one(log: EventLog, url: str) -> list[Rows]:
    """The live rows after each position, position 1 first."""
    store, after = PostgresRows(url), list[Rows]()
    options = "-c TimeZone=UTC"
    async with await psycopg.AsyncConnection.connect(url, options=options, autocommit=True) as connection:
        assert await store.open()
        project = ProjectBatch(store, Heard(), await store.checkpoint(), MemoryLimits(), 20)
        async for batch in log.read(Position(0)):
            for entry in batch:
                await project([entry])
                after.append(await _rows(connection))
    await store.close()
    return after


async def _rows(connection: psycopg.AsyncConnection[Any]) -> Rows:
    found: Rows = {}
    for table, query in TABLES.items():
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(query)
        for row in await cursor.fetchall():
            found.setdefault(row["run_id"], {name: [] for name in TABLES})[table].append(row)
    return found


def laid_over(found: RunAt, then: dict[str, list[DictRow]]) -> dict[str, list[DictRow]]:
    """Every fact that was found in the place of the column of its name: equal to `then` if all are."""
    run = found.run.model_dump(exclude={"ceilings"})
    run |= {column: getattr(found.run.ceilings, name) for name, column in CEILINGS.items()}
    told: dict[str, Sequence[DictRow]] = {
        "run": [run],
        "columns": [column.model_dump() for column in found.columns],
        "candidates": [candidate.model_dump() for candidate in found.candidates],
        "votes": [vote.model_dump() for vote in found.votes],
        "open_jobs": [job.model_dump() for job in found.open_jobs],
    }
    assert {name: len(rows) for name, rows in told.items()} == {name: len(rows) for name, rows in then.items()}
    for name, rows in told.items():
        assert all(row.keys() <= then[name][0].keys() for row in rows)
    return {name: [known | one for known, one in zip(then[name], told[name], strict=True)] for name in told}


def eventful(seed: int) -> list[Event]:
    """Random events with a pinned run, two promotions, and what only the live projection can judge: a value that no
    table holds, and votes whose ids another run has taken."""
    events = history(seed, 320, runs=3)
    first, *rest = _votes_that_count(events)
    late = {vote.vote_id for vote in rest[::3] if vote.run_id != first.run_id}
    events = [_renamed(event, first.vote_id) if _is_among(event, late) else event for event in events]
    return [
        *events[:150],
        RunChanged(run_id=RunId("r2"), rating=RatingChoice(system="elo", settings={"k": 10})),
        *promotion("weng-lin"),
        *events[150:200],
        RunChanged(run_id=RunId("r1"), n=2**40),
        *promotion("bradley-terry", 2),
        *events[200:],
    ]


def _votes_that_count(events: list[Event]) -> list[VoteCast]:
    story = Story()
    return [event for event in events if story.when(event) is None and isinstance(event, VoteCast)]


def _is_among(event: Event, vote_ids: set[VoteId]) -> bool:
    return isinstance(event, VoteCast) and event.vote_id in vote_ids


def _renamed(vote: Event, vote_id: VoteId) -> Event:
    return vote.model_copy(update={"vote_id": vote_id})


@pytest.mark.parametrize("seed", [65, 66, 68])
async def test_every_position_of_any_history_is_what_the_live_rows_were_then(postgres_url: str, seed: int) -> None:
    log = MemoryEventLog()
    await write(log, eventful(seed))
    log.store("carnival.events.run.r0.Nonsense", {}, b"\x00")
    then = await projected_one_by_one(log, postgres_url)
    assert "vote_exists" in await _void_reasons(postgres_url)
    looks = [(run_id, position) for run_id in RUNS for position in range(1, len(then) + 1)]
    Random(seed).shuffle(looks)
    async with looking_back(log, postgres_url) as look_back:
        for run_id, position in looks:
            found, rows = await whole(look_back, run_id, position), then[position - 1].get(run_id)
            assert (found is None) == (rows is None)
            if found is not None and rows is not None:
                assert laid_over(found, rows) == rows, f"{run_id} at {position}"


async def test_going_forward_and_back_and_in_pages_is_the_same(event_log: NatsEventLog, postgres_url: str) -> None:
    """On a real log, where a history is read through filters of subjects."""
    await write(event_log, eventful(64))
    then = await projected_one_by_one(event_log, postgres_url)
    end = len(then)
    async with looking_back(event_log, postgres_url) as look_back:
        for position in (40, 41, end, 200, 42, end, 199):
            for page in (500, 7):
                found = await whole(look_back, "r1", position, page)
                assert found is not None
                assert laid_over(found, then[position - 1]["r1"]) == then[position - 1]["r1"]


async def test_what_is_not_projected_yet_is_not_guessed(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, history(65, 50))
    await project_all(log, postgres_url)
    await write(log, history(66, 60)[50:])
    async with looking_back(log, postgres_url) as look_back:
        answers = [
            await look_back(RunAtAsked(run_id=RunId(run_id), position=Position(position)))
            for run_id, position in (("r0", 50), ("r0", 51), ("r0", 1), ("nobody", 50))
        ]
    assert [answer.problem for answer in answers] == [
        None,
        PastProblem.BEHIND,
        PastProblem.UNKNOWN_RUN,
        PastProblem.UNKNOWN_RUN,
    ]


async def _void_reasons(url: str) -> set[str]:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        cursor = await connection.execute("SELECT DISTINCT reason FROM carnival.void_events")
        return {row[0] for row in await cursor.fetchall()}
