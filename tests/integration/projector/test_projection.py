"""The live projection on a real Postgres: rows, checkpoint, batches, restarts, fencing, parking."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from integration.projector.projecting import Heard, everything, project_all, projector, rows, running, write
from unit.projector.histories import history

from carnival.contracts.candidate import CandidateRejected
from carnival.contracts.ids import Position, VoteId
from carnival.contracts.run import RunPaused
from carnival.contracts.verdict import VoidReason
from carnival.contracts.vote import VoteRetracted
from carnival.testing import examples, until
from carnival.testing.examples import RUN
from carnival.testing.memory_log import MemoryEventLog
from projector.adapters.row_store import PostgresRows
from projector.application.follow_log import FollowLimits, LogBehindRows
from projector.application.memory import MemoryLimits
from projector.application.ports import AnotherProjector, NewerFold, UnsuitableDatabase
from projector.application.project_batch import ProjectBatch, TooManyParked

OPENING = [
    examples.pipeline_defined(),
    examples.run_started(),
    examples.job_requested(1),
    examples.job_submitted(1),
    examples.image_produced(1),
    examples.job_requested(2),
    examples.image_produced(2),
]
ONE, TWO = examples.candidate_of("j1"), examples.candidate_of("j2")


async def test_events_become_rows_and_the_checkpoint_follows(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, [*OPENING, examples.vote_cast(ONE, TWO, vote_id=VoteId("v1"))], source="curation-api")
    heard = await project_all(log, postgres_url)
    assert heard.positions[-1] == 8
    checkpoint = await rows(postgres_url, "SELECT position FROM checkpoint")
    ratings = await rows(postgres_url, "SELECT rating, votes, live, status FROM candidates ORDER BY position")
    commands = await rows(postgres_url, "SELECT event_id, position, subject FROM commands ORDER BY position")
    assert checkpoint == [{"position": 8}]
    assert ratings == [
        {"rating": 1016, "votes": 1, "live": True, "status": "active"},
        {"rating": 984, "votes": 1, "live": True, "status": "active"},
    ]
    assert commands[-1] == {"event_id": "e8", "position": 8, "subject": "carnival.events.run.r1.VoteCast"}


async def test_the_rows_are_the_same_whatever_the_batches_and_however_often_runs_are_forgotten(
    postgres_url: str,
) -> None:
    log = MemoryEventLog()
    await write(log, history(7, 300))
    found: list[dict[str, list[str]]] = []
    forgetful = MemoryLimits(runs_max=1, rows_max=1, pipelines_max=1)
    for number, (batch_max, memory) in enumerate([(1, MemoryLimits()), (13, forgetful), (500, MemoryLimits())]):
        limits = FollowLimits(batch_max=batch_max, memory=memory)
        await project_all(log, postgres_url, limits=limits, schema=f"batch{number}")
        found.append(await everything(postgres_url, schema=f"batch{number}"))
    assert found[0]["candidates"]
    assert found[0]["void_events"]
    assert found[0] == found[1] == found[2]


async def test_void_events_are_kept_with_their_reason_and_told(postgres_url: str) -> None:
    log = MemoryEventLog()
    rejection = CandidateRejected(run_id=RUN, candidate_id=ONE)
    await write(log, [*OPENING, rejection, rejection, examples.vote_cast(ONE, TWO)])
    heard = await project_all(log, postgres_url)
    assert [(void.position, void.reason) for void in heard.voids] == [
        (9, VoidReason.ALREADY_REJECTED),
        (10, VoidReason.NOT_LIVE),
    ]
    kept = await rows(postgres_url, "SELECT position, run_id, type, reason FROM void_events ORDER BY position")
    assert kept[0] == {"position": 9, "run_id": "r1", "type": "CandidateRejected", "reason": "already_rejected"}
    last = await rows(postgres_url, "SELECT last_position FROM runs")
    assert last == [{"last_position": 10}]


async def test_a_vote_of_long_ago_is_taken_back_by_a_projector_that_has_forgotten_it(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, [*OPENING, examples.vote_cast(ONE, TWO, vote_id=VoteId("v1"))])
    await project_all(log, postgres_url)
    await write(log, [VoteRetracted(vote_id=VoteId("v1"), run_id=RUN, voter="ada")])
    await project_all(log, postgres_url)
    assert await rows(postgres_url, "SELECT DISTINCT rating, votes FROM candidates") == [{"rating": 1000, "votes": 0}]
    assert await rows(postgres_url, "SELECT retracted FROM votes") == [{"retracted": True}]


async def test_a_used_vote_id_is_void_even_when_its_first_use_is_long_written(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, [*OPENING, examples.vote_cast(ONE, TWO, vote_id=VoteId("v1"))])
    await project_all(log, postgres_url)
    again = examples.vote_cast(ONE, TWO, vote_id=VoteId("v1"), voter="bob")
    await write(log, [RunPaused(run_id=RUN), again, examples.vote_cast(ONE, TWO, voter="eve")])
    heard = await project_all(log, postgres_url)
    assert [(void.position, void.reason) for void in heard.voids] == [(10, VoidReason.VOTE_EXISTS)]
    assert await rows(postgres_url, "SELECT count(*) AS votes FROM votes") == [{"votes": 2}]


async def test_texts_with_every_kind_of_character_survive(postgres_url: str) -> None:
    log = MemoryEventLog()
    text = "quotes \" and ' and \\ and {braces}, NULL, \t\n\r, ✓, 🎪"
    await write(log, [examples.pipeline_defined(), examples.run_started(prompt=text, variables={"a": [text, None]})])
    await project_all(log, postgres_url)
    assert await rows(postgres_url, "SELECT prompt, variables FROM runs") == [
        {"prompt": text, "variables": {"a": [text, None]}}
    ]


async def test_what_nobody_can_read_is_parked_and_the_rest_goes_on(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, OPENING)
    log.store("carnival.events.run.r1.Nonsense", {"ce-type": "carnival.Nonsense.v1", "x": 'a"\\'}, b"\x00\xff")
    twice = examples.pipeline_defined(examples.step(1), examples.step(1), pipeline_id="p2")
    too_big = examples.run_started(run_id="r9", n=2**40)
    await write(log, [twice, too_big, examples.vote_cast(ONE, TWO)])
    await project_all(log, postgres_url)
    parked = await rows(postgres_url, "SELECT position, subject, reason, headers, body FROM parked_events ORDER BY 1")
    assert [row["position"] for row in parked] == [8, 9, 10]
    assert parked[0]["headers"] == {"ce-type": "carnival.Nonsense.v1", "x": 'a"\\'}
    assert parked[0]["body"] == b"\x00\xff"
    assert "step orders repeat" in parked[1]["reason"]
    assert "out of range" in parked[2]["reason"]
    assert await rows(postgres_url, "SELECT votes, last_position FROM runs") == [{"votes": 1, "last_position": 11}]


async def test_a_parked_event_moves_its_runs_last_position(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, OPENING)
    log.store("carnival.events.run.r1.Nonsense", {}, b"")
    await project_all(log, postgres_url)
    assert await rows(postgres_url, "SELECT last_position FROM runs") == [{"last_position": 8}]


async def test_too_many_parked_in_a_row_stop_the_projector_and_a_restart_does_not_creep_on(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, OPENING)
    for _ in range(3):
        log.store("carnival.events.run.r1.Nonsense", {}, b"")
    limits = FollowLimits(batch_max=1, parked_in_a_row_max=2)
    for _ in range(2):
        with pytest.raises(TooManyParked):
            await project_all(log, postgres_url, limits=limits)
        assert await rows(postgres_url, "SELECT position FROM checkpoint") == [{"position": 9}]
    await project_all(log, postgres_url, limits=FollowLimits(parked_in_a_row_max=3))
    assert await rows(postgres_url, "SELECT position FROM checkpoint") == [{"position": 10}]


async def test_a_second_projector_stands_by_and_takes_over(postgres_url: str) -> None:
    log = MemoryEventLog()
    first, second = projector(log, postgres_url), projector(log, postgres_url)
    async with running(second):
        async with running(first):
            await write(log, OPENING)
            await until(lambda: 7 in {first.position, second.position}, 10)
            assert None in {first.position, second.position}
            await write(log, [examples.vote_cast(ONE, TWO)])
            await until(lambda: 8 in {first.position, second.position}, 10)
        await write(log, [examples.vote_cast(ONE, TWO, voter="bob")])
        await until(lambda: second.position == 9, 10)
    assert await rows(postgres_url, "SELECT votes FROM runs") == [{"votes": 2}]


async def test_a_projector_whose_lock_was_lost_is_fenced_out_by_the_checkpoint(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, history(3, 60))
    heard = Heard()
    first = projector(log, postgres_url, heard=heard)
    async with running(first):
        await until(lambda: first.position == 60, 10)
        await rows(postgres_url, "UPDATE checkpoint SET position = 60 RETURNING position")
        await rows(
            postgres_url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'projector'"
        )
        await write(log, history(3, 160)[60:])
        await until(lambda: first.position == 160, 10)
    await project_all(log, postgres_url, schema="other")
    assert await everything(postgres_url) == await everything(postgres_url, schema="other")


async def test_without_the_lock_the_checkpoint_still_lets_one_projector_through(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, OPENING)
    (entries,) = [batch async for batch in log.read(Position(0))]
    stores = [PostgresRows(postgres_url), PostgresRows(postgres_url)]
    assert [await store.open() for store in stores] == [True, False]
    limits = FollowLimits()
    one, other = [
        ProjectBatch(store, Heard(), await store.checkpoint(), limits.memory, limits.parked_in_a_row_max)
        for store in stores
    ]
    await one(entries)
    with pytest.raises(AnotherProjector):
        await other(entries)
    for store in stores:
        await store.close()
    assert await rows(postgres_url, "SELECT images FROM runs") == [{"images": 2}]


async def test_a_killed_projector_is_continued_without_a_trace(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, history(11, 400))
    for _ in range(4):
        follow = projector(log, postgres_url, limits=FollowLimits(batch_max=9))
        task = asyncio.create_task(follow.run())
        await until(lambda follow=follow: (follow.position or 0) > 0, 10)
        task.cancel()
        await asyncio.wait({task})
    await project_all(log, postgres_url)
    await project_all(log, postgres_url, schema="other")
    assert await everything(postgres_url) == await everything(postgres_url, schema="other")


async def test_rows_ahead_of_the_log_stop_the_projector(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, OPENING)
    await project_all(log, postgres_url)
    with pytest.raises(LogBehindRows):
        await projector(MemoryEventLog(), postgres_url).run()


async def test_rows_of_a_newer_fold_stop_the_projector(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, OPENING)
    await project_all(log, postgres_url)
    await rows(postgres_url, "UPDATE checkpoint SET fold = fold + 1 RETURNING fold")
    with pytest.raises(NewerFold):
        await projector(log, postgres_url).run()


async def test_a_reader_role_may_read_and_nothing_else(postgres_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as connection:
        await connection.execute("DO $$ BEGIN CREATE ROLE carnival_reader; EXCEPTION WHEN duplicate_object THEN END $$")
        store = PostgresRows(postgres_url, read_role="carnival_reader")
        assert await store.open()
        assert (await store.checkpoint()).position == Position(0)
        await store.close()
        await connection.execute("SET ROLE carnival_reader")
        await connection.execute("SELECT * FROM carnival.runs")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute("DELETE FROM carnival.runs")


async def test_a_database_that_cannot_hold_every_text_is_refused_by_name(ascii_postgres_url: str) -> None:
    with pytest.raises(UnsuitableDatabase, match="SQL_ASCII"):
        await project_all(MemoryEventLog(), ascii_postgres_url)
