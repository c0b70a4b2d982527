"""Rebuilds beside a live projector, and the digest that proves them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import psycopg
import pytest
from integration.projector.projecting import (
    HandsHere,
    Heard,
    everything,
    project_all,
    projector,
    rows,
    running,
    write,
)
from unit.projector.histories import history
from unit.projector.story import Story
from unit.projector.test_rescorings import promotion

from carnival.contracts.envelope import Event, Recorded
from carnival.contracts.ids import Position, RunId, VoteId
from carnival.contracts.rating import RatingChoice
from carnival.contracts.run import RunChanged, RunOrigin, RunPaused
from carnival.contracts.verdict import VoidReason
from carnival.testing import examples, until
from carnival.testing.memory_log import MemoryEventLog
from projector.adapters.building_site import PostgresSite, drop_previous
from projector.adapters.digest import take_digest
from projector.adapters.row_store import PostgresRows
from projector.application.follow_log import FollowLimits, FollowLog
from projector.application.memory import MemoryLimits
from projector.application.ports import NewerFold
from projector.application.rebuild import Rebuild, RebuildProgress
from projector.application.rebuild_ports import RebuildUnderWay
from projector.domain.fold import VERSION, apply
from projector.domain.read_model import ReadModel


@pytest.fixture(params=[1, 3])
def shares(request: pytest.FixtureRequest) -> int:
    """Into how many shares a rebuild is divided."""
    return request.param


def rebuild(
    log: MemoryEventLog,
    url: str,
    told: Callable[[RebuildProgress], None] = lambda _: None,
    limits: FollowLimits | None = None,
    shares: int = 1,
) -> Rebuild:
    limits = limits or FollowLimits()
    return Rebuild(log, PostgresSite(url), Heard(), told, limits, hands=HandsHere(log, url, shares, limits))


async def test_a_rebuild_gives_the_same_rows(postgres_url: str, shares: int) -> None:
    log = MemoryEventLog()
    await write(log, history(21, 1500, runs=3), source="curation-api")
    log.store("carnival.events.run.r1.Nonsense", {"a": "b\\"}, b"\x00\xff")
    await project_all(log, postgres_url)
    before, digest = await everything(postgres_url), await take_digest(postgres_url)
    told: list[RebuildProgress] = []
    assert await rebuild(log, postgres_url, told.append, shares=shares)() == 1501
    after = await everything(postgres_url)
    assert {name: after[name] for name in after if after[name] != before[name]} == {}
    assert await take_digest(postgres_url) == digest
    assert [progress.phase for progress in told][-2:] == ["swapping", "done"]
    assert await take_digest(postgres_url, "carnival_previous") == digest


async def test_a_rebuild_short_of_memory_gives_the_same_rows(postgres_url: str, shares: int) -> None:
    log = MemoryEventLog()
    await write(log, history(22, 1500, runs=4))
    await project_all(log, postgres_url)
    digest = await take_digest(postgres_url)
    for memory in (MemoryLimits(rows_max=1), MemoryLimits(rows_max=100), MemoryLimits()):
        await rebuild(
            log, postgres_url, limits=FollowLimits(bulk_batch_max=17, insert_every=50, memory=memory), shares=shares
        )()
        assert await take_digest(postgres_url) == digest


async def test_a_promotion_rates_what_is_stored_live_and_in_a_rebuild(postgres_url: str, shares: int) -> None:
    log = MemoryEventLog()
    events = history(29, 1200, runs=4)
    pinned = RunChanged(run_id=RunId("r2"), rating=RatingChoice(system="elo", settings={"k": 10}))
    await write(log, [*events[:800], pinned, *promotion("weng-lin"), *events[800:]])
    await project_all(log, postgres_url, limits=FollowLimits(batch_max=40, memory=MemoryLimits(runs_max=1)))
    digest, told = await take_digest(postgres_url), Story()
    for event in (*events[:800], pinned, *promotion("weng-lin"), *events[800:]):
        told.when(event)
    found = await rows(postgres_url, "SELECT candidate_id, rating FROM candidates ORDER BY candidate_id")
    expected = {key: one.rating for run in told.model.runs.values() for key, one in run.candidates.items()}
    assert {row["candidate_id"]: row["rating"] for row in found} == expected
    for memory in (MemoryLimits(rows_max=1), MemoryLimits()):
        await rebuild(
            log, postgres_url, limits=FollowLimits(bulk_batch_max=17, insert_every=50, memory=memory), shares=shares
        )()
        assert await take_digest(postgres_url) == digest


async def test_a_forked_run_is_the_same_after_a_rebuild_short_of_memory(postgres_url: str, shares: int) -> None:
    log, fork = MemoryEventLog(), RunId("fork")
    one, two = examples.adopted(1).candidate_id, examples.adopted(2).candidate_id
    below = examples.adopted(3, one, step_order=2, rejected=True)
    events = history(30, 600)
    origin = RunOrigin(run_id=RunId("r0"), position=Position(99), last_job_number=60)
    beginning = [
        examples.run_started(run_id=fork, origin=origin),
        examples.tree_adopted(run_id=fork),
        examples.tree_adopted(run_id=fork, candidates=(below,), votes=()),
    ]
    voted = examples.vote_cast(two, one, run_id=fork, voter="bob")
    await write(log, [*events[:300], *beginning, *events[300:], voted])
    await project_all(log, postgres_url, limits=FollowLimits(batch_max=40, memory=MemoryLimits(runs_max=1)))
    ratings = await rows(postgres_url, "SELECT rating FROM candidates WHERE run_id = 'fork' ORDER BY position")
    assert [row["rating"] for row in ratings] == [999, 1001, 1000]
    digest = await take_digest(postgres_url)
    for memory in (MemoryLimits(rows_max=1), MemoryLimits()):
        await rebuild(
            log, postgres_url, limits=FollowLimits(bulk_batch_max=17, insert_every=50, memory=memory), shares=shares
        )()
        assert await take_digest(postgres_url) == digest


async def test_the_digest_tells_different_rows_apart(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, history(23, 200))
    await project_all(log, postgres_url)
    before = await take_digest(postgres_url)
    some = "(SELECT min(place) FROM candidates)"
    await rows(postgres_url, f"UPDATE candidates SET rating = rating + 1 WHERE place = {some} RETURNING 1")
    after = await take_digest(postgres_url)
    assert after.digest != before.digest
    assert [name for name in before.tables if before.tables[name] != after.tables[name]] == ["candidates"]


async def test_events_keep_coming_while_the_live_projector_is_swapped_under(postgres_url: str, shares: int) -> None:
    log = MemoryEventLog()
    events = history(24, 3000, runs=3)
    await write(log, events[:1000])
    live = projector(log, postgres_url, limits=FollowLimits(batch_max=7))
    async with running(live):
        await until(lambda: (live.position or 0) > 0)
        rebuilds = 0

        async def rebuild_again_and_again() -> int:
            count = 0
            while not written.done() or count < 3:
                await rebuild(log, postgres_url, shares=shares)()
                count += 1
            return count

        async def write_rest() -> None:
            for start in range(1000, len(events), 10):
                await write(log, events[start : start + 10])
                await asyncio.sleep(0.005)

        written = asyncio.create_task(write_rest())
        rebuilds = await rebuild_again_and_again()
        await written
        await until(lambda: live.position == 3000, 60)
    assert rebuilds >= 3
    assert (await rows(postgres_url, "SELECT position FROM checkpoint")) == [{"position": 3000}]
    found = await take_digest(postgres_url)
    await project_all(log, postgres_url, schema="other")
    assert found == await take_digest(postgres_url, "other")


async def test_leftovers_of_an_interrupted_rebuild_are_no_hindrance(postgres_url: str, shares: int) -> None:
    log = MemoryEventLog()
    await write(log, history(25, 300))
    await project_all(log, postgres_url)
    digest = await take_digest(postgres_url)
    seen: list[RebuildProgress] = []

    def interrupt(progress: RebuildProgress) -> None:
        seen.append(progress)
        if progress.phase == "swapping":
            raise KeyError("the plug was pulled")

    with pytest.raises(KeyError):
        await rebuild(log, postgres_url, interrupt, shares=shares)()
    assert await take_digest(postgres_url) == digest
    assert await rows(postgres_url, "SELECT position FROM carnival_next.checkpoint") == [{"position": 300}]
    told: list[RebuildProgress] = []
    await rebuild(log, postgres_url, told.append, shares=shares)()
    assert await take_digest(postgres_url) == digest
    assert told[0].position == 300


class PlugPulled(Exception):
    pass


@pytest.mark.parametrize("memory", [MemoryLimits(rows_max=60), MemoryLimits()], ids=["short of memory", "ample"])
async def test_a_rebuild_that_is_cut_off_again_and_again_goes_on_where_it_was(
    postgres_url: str, memory: MemoryLimits, shares: int
) -> None:
    log, fork = MemoryEventLog(), RunId("fork")
    events = history(31, 900, runs=3)
    origin = RunOrigin(run_id=RunId("r0"), position=Position(99), last_job_number=60)
    below = examples.adopted(3, examples.adopted(1).candidate_id, step_order=2, rejected=True)
    adopted = [
        examples.run_started(run_id=fork, origin=origin),
        examples.tree_adopted(run_id=fork),
        examples.tree_adopted(run_id=fork, candidates=(below,), votes=()),
    ]
    await write(log, [*events[:400], *adopted, *promotion("weng-lin"), *events[400:]], source="curation-api")
    await project_all(log, postgres_url)
    digest = await take_digest(postgres_url)
    limits = FollowLimits(bulk_batch_max=7, insert_every=20, keep_every=60, memory=memory)
    beginnings: list[Position] = []
    while True:
        seen: list[RebuildProgress] = []

        def cut_off(progress: RebuildProgress, seen: list[RebuildProgress] = seen) -> None:
            seen.append(progress)
            if progress.phase == "folding" and progress.position > seen[0].position + 150:
                raise PlugPulled

        try:
            await rebuild(log, postgres_url, cut_off, limits, shares)()
        except PlugPulled:
            assert await take_digest(postgres_url) == digest
        beginnings.append(seen[0].position)
        if seen[-1].phase == "done":
            break
    assert beginnings == sorted(set(beginnings))
    assert len(beginnings) > 3
    assert await take_digest(postgres_url) == digest


@pytest.mark.parametrize("phase", ["folding", "swapping", "done"])
async def test_cut_off_in_any_phase_the_live_rows_serve_on_and_the_next_rebuild_ends_well(
    postgres_url: str, phase: str, shares: int
) -> None:
    log = MemoryEventLog()
    await write(log, history(32, 600))
    await project_all(log, postgres_url)
    before = await take_digest(postgres_url)

    def cut_off(progress: RebuildProgress) -> None:
        if progress.phase == phase and progress.position:
            raise PlugPulled

    with pytest.raises(PlugPulled):
        await rebuild(log, postgres_url, cut_off, FollowLimits(insert_every=50), shares)()
    assert await take_digest(postgres_url) == before
    await write(log, history(33, 900)[600:])
    await project_all(log, postgres_url)
    live = await take_digest(postgres_url)
    assert live.position == await log.end()
    assert await rebuild(log, postgres_url, shares=shares)() == live.position
    assert await take_digest(postgres_url) == live


async def test_the_replaced_rows_are_dropped_on_demand(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, history(34, 200))
    await project_all(log, postgres_url)
    await rebuild(log, postgres_url)()
    live = await take_digest(postgres_url)
    assert await take_digest(postgres_url, "carnival_previous") == live
    await drop_previous(postgres_url)
    await drop_previous(postgres_url)
    assert await take_digest(postgres_url) == live
    schemas = await rows(postgres_url, "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, 'carnival')")
    assert schemas == [{"nspname": "carnival"}]


async def test_one_rebuild_at_a_time(postgres_url: str) -> None:
    site = PostgresSite(postgres_url)
    await site.prepare()
    with pytest.raises(RebuildUnderWay):
        await rebuild(MemoryEventLog(), postgres_url)()
    await site.close()


async def test_a_log_with_what_cannot_be_written_in_bulk_is_rebuilt_with_care(postgres_url: str, shares: int) -> None:
    log = MemoryEventLog()
    await write(log, history(26, 300))
    first = examples.vote_cast(examples.candidate_of("job-1"), examples.candidate_of("job-2"))
    taken = await _any_vote(log, postgres_url)
    again = first.model_copy(update={"vote_id": taken, "run_id": "r0", "voter": "nobody yet"})
    await write(log, [examples.run_started(run_id="big", n=2**40), again, RunPaused(run_id=examples.RUN)])
    await project_all(log, postgres_url)
    digest = await take_digest(postgres_url)
    assert digest.tables["parked_events"].rows == 1
    told: list[RebuildProgress] = []
    await rebuild(log, postgres_url, told.append, shares=shares)()
    assert await take_digest(postgres_url) == digest


async def test_an_event_over_which_the_fold_stumbles_is_parked_live_and_in_a_rebuild(postgres_url: str) -> None:
    log = MemoryEventLog()
    events = history(27, 200)
    await write(log, events)

    def stumbling(model: ReadModel, fact: Recorded[Event]) -> VoidReason | None:
        verdict = apply(model, fact)
        if fact.position % 50 == 0:
            raise ZeroDivisionError("a mistake in the fold, after it has changed something")
        return verdict

    await Rebuild(log, PostgresSite(postgres_url), Heard(), lambda _: None, fold=stumbling)()
    parked = await rows(postgres_url, "SELECT position, reason FROM parked_events ORDER BY position")
    assert [row["position"] for row in parked] == [50, 100, 150, 200]
    assert "ZeroDivisionError" in parked[0]["reason"]
    other = MemoryEventLog()
    without = [event for number, event in enumerate(events, 1) if number % 50]
    await write(other, without)
    await project_all(other, postgres_url, schema="other")
    ratings = "SELECT candidate_id, rating, live, live_children FROM candidates ORDER BY candidate_id"
    assert await rows(postgres_url, ratings) == await rows(postgres_url, ratings, schema="other")


async def test_rows_of_an_older_fold_are_rebuilt_at_the_start(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, history(28, 300))
    await project_all(log, postgres_url)
    digest = await take_digest(postgres_url)
    await rows(postgres_url, "UPDATE checkpoint SET fold = fold - 1 RETURNING fold")
    await rows(postgres_url, "UPDATE candidates SET rating = 5 RETURNING 1")
    follow = FollowLog(log, PostgresRows(postgres_url), Heard(), rebuild(log, postgres_url))
    async with running(follow):
        await until(lambda: follow.position == 300, 20)
    assert await take_digest(postgres_url) == digest
    assert await rows(postgres_url, "SELECT fold FROM checkpoint") == [{"fold": VERSION}]


async def test_an_older_projector_does_not_rebuild_what_a_newer_one_wrote(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, history(28, 30))
    await project_all(log, postgres_url)
    await rows(postgres_url, "UPDATE checkpoint SET fold = fold + 1 RETURNING fold")
    with pytest.raises(NewerFold):
        await rebuild(log, postgres_url)()


async def test_who_may_read_the_live_rows_may_read_the_rebuilt_ones(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, history(28, 30))
    await project_all(log, postgres_url)
    async with await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as connection:
        await connection.execute("DO $$ BEGIN CREATE ROLE carnival_guest; EXCEPTION WHEN duplicate_object THEN END $$")
        await connection.execute("GRANT USAGE ON SCHEMA carnival TO carnival_guest")
        await rebuild(log, postgres_url)()
        await connection.execute("SET ROLE carnival_guest")
        await connection.execute("SELECT * FROM carnival.runs")


async def _any_vote(log: MemoryEventLog, url: str) -> VoteId:
    await project_all(log, url)
    found = await rows(url, "SELECT vote_id FROM votes WHERE run_id = 'r0' ORDER BY position LIMIT 1")
    return VoteId(found[0]["vote_id"])
