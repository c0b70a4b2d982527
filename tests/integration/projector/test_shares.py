"""Rebuilds divided into shares, where the runs of a log are less apart than usual."""

from __future__ import annotations

import pytest
from integration.projector.projecting import HandsHere, Heard, project_all, rows, write
from structlog.testing import capture_logs
from unit.projector.histories import history

from carnival.contracts.ids import RunId
from carnival.contracts.run import RunPaused
from carnival.contracts.subjects import one_of_run
from carnival.log.wire import encode
from carnival.testing import examples
from carnival.testing.memory_log import MemoryEventLog
from projector.adapters.building_site import NEXT_SCHEMA, PostgresSite
from projector.adapters.digest import take_digest
from projector.adapters.share_place import place_of
from projector.application.follow_log import FollowLimits
from projector.application.project_batch import TooManyParked
from projector.application.rebuild import Rebuild
from projector.application.rebuild_ports import RebuildUnderWay
from projector.application.share import Share, number_of

SHARES = 3
FIRST, SECOND = RunId("r2"), RunId("r0")
"""Runs of different shares."""
IDS = ("r0", "", "ö", "run.with.dots", "0123456789abcdef" * 2, " ")


def shared(log: MemoryEventLog, url: str, limits: FollowLimits | None = None) -> Rebuild:
    limits = limits or FollowLimits(insert_every=50)
    hands = HandsHere(log, url, SHARES, limits)
    return Rebuild(log, PostgresSite(url), Heard(), lambda _: None, limits, hands=hands)


def test_the_runs_of_these_tests_fall_to_different_shares() -> None:
    assert number_of(FIRST, SHARES) == 0
    assert number_of(SECOND, SHARES) == 2


async def test_postgres_knows_the_share_of_a_run(postgres_url: str) -> None:
    site = PostgresSite(postgres_url)
    await site.prepare()
    await site.divide(SHARES)
    try:
        for of in (1, 2, 3, 7, 32):
            for run_id in IDS:
                found = await rows(postgres_url, "SELECT share_of(%s, %s) AS share", run_id, of, schema=NEXT_SCHEMA)
                assert found == [{"share": number_of(RunId(run_id), of)}]
        outside = await rows(postgres_url, "SELECT share_of(NULL, 3) AS share", schema=NEXT_SCHEMA)
        assert outside == [{"share": 0}]
    finally:
        await site.close()


async def test_what_two_shares_claim_is_decided_in_the_order_of_the_log(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, history(41, 400, runs=3))
    await project_all(log, postgres_url)
    taken = await rows(postgres_url, "SELECT vote_id FROM votes WHERE run_id = %s LIMIT 1", SECOND)
    live = "SELECT candidate_id, step_order FROM candidates WHERE run_id = %s AND live ORDER BY step_order LIMIT 2"
    pair = await rows(postgres_url, live, FIRST)
    left, right = (row["candidate_id"] for row in pair)
    step = pair[0]["step_order"]
    again = examples.vote_cast(left, right, run_id=FIRST, step_order=step, voter="new", vote_id=taken[0]["vote_id"])
    await write(log, [again])
    await project_all(log, postgres_url)
    digest = await take_digest(postgres_url)
    with capture_logs() as logs:
        await shared(log, postgres_url)()
    assert "rebuild_is_careful" in {entry["action"] for entry in logs}
    assert await take_digest(postgres_url) == digest


async def test_an_event_under_the_subject_of_another_run_counts_as_it_does_live(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, history(42, 300, runs=3))
    log.store(one_of_run(FIRST, RunPaused), *encode(RunPaused(run_id=SECOND), examples.meta(event_id="stray")))
    await project_all(log, postgres_url)
    digest = await take_digest(postgres_url)
    await shared(log, postgres_url)()
    assert await take_digest(postgres_url) == digest


async def test_too_many_unusable_events_in_a_row_stop_it_whichever_share_they_fall_to(postgres_url: str) -> None:
    log, limits = MemoryEventLog(), FollowLimits(insert_every=50, parked_in_a_row_max=6)
    await write(log, history(43, 200, runs=3))
    for number in range(6):
        log.store(one_of_run((FIRST, SECOND)[number % 2], RunPaused), {}, b"")
    await project_all(log, postgres_url, limits=limits)
    digest = await take_digest(postgres_url)
    await shared(log, postgres_url, limits)()
    assert await take_digest(postgres_url) == digest
    log.store(one_of_run(FIRST, RunPaused), {}, b"")
    with pytest.raises(TooManyParked):
        await shared(log, postgres_url, limits)()
    assert await take_digest(postgres_url) == digest


async def test_no_rebuild_begins_while_a_share_of_another_one_is_at_work(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projector.adapters.building_site.SHARE_LOCKS_SECONDS", 0.2)
    first, second = PostgresSite(postgres_url), PostgresSite(postgres_url)
    await first.prepare()
    await first.divide(SHARES)
    async with place_of(postgres_url, Share(1, SHARES)):
        await first.close()
        with pytest.raises(RebuildUnderWay):
            await second.prepare()
        await second.close()
    await second.prepare()
    with pytest.raises(RebuildUnderWay):
        async with place_of(postgres_url, Share(1, SHARES + 1)):
            raise AssertionError("nobody divided it so")
    await second.close()
