"""What the reader sees in Postgres: a superset of what the rules accept, all of one moment."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

import pytest
from integration.selector.read_model import ReadModelRows
from psycopg.types.json import Jsonb

from carnival.contracts.ids import RunId
from carnival.contracts.job import CancelReason, FailureClass
from carnival.contracts.run import Ceilings, Profile
from carnival.postgres import open_pool
from selector.adapters.frontier_reader import PostgresFrontierReader
from selector.application.ports import ReadModelUnavailable
from selector.domain.cancellation import cancellation
from selector.domain.frontier import RunFrontier, RunStatus
from selector.domain.rules import Limits
from selector.domain.survey import Survey

LIMITS = Limits(parent_failures_max=3)


@pytest.fixture
async def reader(read_model_url: str) -> AsyncGenerator[PostgresFrontierReader]:
    pool = await open_pool(read_model_url)
    yield PostgresFrontierReader(pool)
    await pool.close()


async def surveyed(reader: PostgresFrontierReader) -> Survey:
    async with reader.open(LIMITS) as reading:
        return reading.survey


async def frontier(reader: PostgresFrontierReader, run_id: str = "r1") -> RunFrontier:
    async with reader.open(LIMITS) as reading:
        (run,) = await reading.frontiers([RunId(run_id)])
        return run


def names(run: RunFrontier) -> set[str]:
    return {candidate.candidate_id for candidate in run.candidates}


async def test_a_run_comes_with_all_its_facts(rows: ReadModelRows, reader: PostgresFrontierReader) -> None:
    deadline = datetime(2026, 5, 1, tzinfo=UTC)
    rows.pipeline(None, None, 1)
    facts: dict[str, Any] = {
        "last_job_number": 4,
        "open_jobs": 3,
        "open_live_jobs": 2,
        "live_finals": 1,
        "images": 9,
        "gpu_seconds": 7.5,
        "last_position": 44,
        "served_position": 40,
    }
    ceilings: dict[str, Any] = {"ceiling_images": 50, "ceiling_gpu_seconds": 60.0, "ceiling_deadline": deadline}
    rows.run(status="running", n=4, t=6, variables=Jsonb({"seed": "77"}), **facts, **ceilings)
    rows.update("run_steps", {"run_id": "r1", "step_order": 2}, paused=True, approved_k=3, live=5, open_jobs=2)
    run = await frontier(reader)
    assert {name: getattr(run, name) for name in facts} == facts
    assert (run.status, run.profile, run.n, run.t, run.seed_start) == (RunStatus.RUNNING, Profile.AUTONOMOUS, 4, 6, 77)
    assert run.ceilings == Ceilings(images=50, gpu_seconds=60, deadline=deadline)
    assert [(step.order, step.child_cap, step.paused, step.approved_k) for step in run.steps] == [
        (1, None, False, None),
        (2, None, True, 3),
        (3, 1, False, None),
    ]
    assert (run.steps[1].live, run.steps[1].open_jobs) == (5, 2)


@pytest.mark.parametrize(
    ("value", "start"), [(5, 5), (5.0, 5), ("12", 12), (True, 1_000_000), (None, 1_000_000), (10**60, 10**60)]
)
async def test_sub_7_the_seed_of_any_json_type(
    rows: ReadModelRows, reader: PostgresFrontierReader, value: object, start: int
) -> None:
    rows.run(variables=Jsonb({"seed": value}))
    assert (await frontier(reader)).seed_start == start


async def test_possible_parents_of_an_autonomous_run(rows: ReadModelRows, reader: PostgresFrontierReader) -> None:
    rows.pipeline(None, None, 1)
    rows.run(n=2)
    rows.candidate("open", live_children=1)
    rows.candidate("full", live_children=1, open_jobs=1)
    rows.candidate("failing", failures=3)
    rows.candidate("dead", live=False)
    rows.candidate("discarded", discarded=True)
    rows.candidate("below-cap", 2)
    rows.candidate("at-cap", 2, open_jobs=1)
    rows.candidate("final", 3, is_final=True)
    run = await frontier(reader)
    assert names(run) == {"open", "below-cap"}
    assert {candidate.candidate_id: candidate.occupancy for candidate in run.candidates} == {"open": 1, "below-cap": 0}


async def test_gate_3_and_4_the_approved_best_of_a_gated_run(
    rows: ReadModelRows, reader: PostgresFrontierReader
) -> None:
    rows.pipeline(None, None, None)
    rows.run(profile="gated", n=2)
    rows.update("run_steps", {"run_id": "r1", "step_order": 1}, approved_k=2)
    rows.candidate("young", rating=1100, position=9)
    rows.candidate("old", rating=1100, position=4)
    rows.candidate("best-but-full", rating=1300, live_children=2, position=7)
    rows.candidate("dead", rating=2000, live=False)
    rows.candidate("unapproved", 2, rating=3000)
    assert names(await frontier(reader)) == {"best-but-full", "old"}


async def test_only_active_runs_are_in_turn_and_any_run_may_have_been_served_last(
    rows: ReadModelRows, reader: PostgresFrontierReader
) -> None:
    rows.pipeline(None)
    rows.run("active", created_position=2, served_position=5, last_position=6)
    rows.run("paused", created_position=3, paused=True)
    rows.run("completed", created_position=4, status="completed", served_position=9)
    rows.run("failed", created_position=5, status="failed")
    rows.position(12)
    survey = await surveyed(reader)
    assert [(run.run_id, run.created_position, run.last_position) for run in survey.runs] == [("active", 2, 6)]
    assert (survey.position, survey.last_served, survey.pools) == (12, 4, {"default"})


async def test_open_jobs_are_counted_by_pool_over_all_runs(rows: ReadModelRows, reader: PostgresFrontierReader) -> None:
    rows.run()
    rows.run("r2", paused=True)
    rows.job(1)
    rows.job(2, state="submitted", run_id="r2")
    rows.job(3, pool="large")
    rows.job(4, state="completed")
    assert (await surveyed(reader)).open_jobs == {"default": 2, "large": 1}


async def test_unwanted_jobs_are_found(rows: ReadModelRows, reader: PostgresFrontierReader) -> None:
    rows.run()
    rows.run("ended", status="completed")
    rows.run("resting", paused=True)
    rows.update("run_steps", {"run_id": "r1", "step_order": 3}, paused=True)
    rows.candidate("dead", live=False)
    rows.candidate("alive")
    rows.job(1, parent_id="dead", state="submitted", step_order=2)
    rows.job(2, parent_id="alive", step_order=2)
    rows.job(3, parent_id="alive", step_order=3)
    rows.job(4, run_id="ended")
    rows.job(5, run_id="ended", state="submitted")
    rows.job(6, run_id="resting")
    rows.job(7, parent_id="dead", state="failed", step_order=2)
    reasons = {job.job_id: cancellation(job) for job in (await surveyed(reader)).unwanted_jobs}
    assert {job_id: event.reason if event else None for job_id, event in reasons.items()} == {
        "j1": CancelReason.BRANCH_REJECTED,
        "j3": CancelReason.STEP_PAUSED,
        "j4": CancelReason.RUN_COMPLETED,
        "j6": CancelReason.RUN_PAUSED,
    }


async def test_failing_parents_and_steps_are_found(rows: ReadModelRows, reader: PostgresFrontierReader) -> None:
    rows.run(last_position=30)
    rows.run("ended", status="completed")
    rows.candidate("bad", failures=4)
    rows.candidate("bearable", failures=2)
    rows.candidate("gone", failures=4, live=False)
    rows.candidate("too-late", failures=4, run_id="ended")
    for step_order, failures in ((1, 0), (2, 2)):
        rows.update(
            "run_steps",
            {"run_id": "r1", "step_order": step_order},
            consecutive_failures=failures,
            last_failure_class="graph",
            last_failure_message="no such node",
        )
    survey = await surveyed(reader)
    assert [(parent.candidate_id, parent.failures, parent.run_position) for parent in survey.failing_parents] == [
        ("bad", 4, 30)
    ]
    assert [(step.step_order, step.failure_class, step.message) for step in survey.failing_steps] == [
        (2, FailureClass.GRAPH, "no such node")
    ]


async def test_a_reading_is_of_one_moment(rows: ReadModelRows, reader: PostgresFrontierReader) -> None:
    rows.pipeline(None, None)
    rows.run(steps=2, last_position=5)
    rows.position(5)
    async with reader.open(LIMITS) as reading:
        rows.update("runs", {"run_id": "r1"}, last_position=6, paused=True)
        rows.candidate("late")
        rows.position(6)
        (run,) = await reading.frontiers([RunId("r1")])
    assert (reading.survey.position, run.last_position, run.paused, run.candidates) == (5, 5, False, ())
    assert await reader.position() == 6


async def test_unknown_runs_are_left_out(rows: ReadModelRows, reader: PostgresFrontierReader) -> None:
    rows.run()
    async with reader.open(LIMITS) as reading:
        assert await reading.frontiers([RunId("nobody")]) == []


async def test_a_read_model_that_is_not_there_yet_is_said_so(postgres_url: str) -> None:
    pool = await open_pool(postgres_url)
    with pytest.raises(ReadModelUnavailable, match="not set up"):
        await surveyed(PostgresFrontierReader(pool))
    await pool.close()


async def test_connections_are_given_back_clean_after_an_error(
    rows: ReadModelRows, reader: PostgresFrontierReader
) -> None:
    rows.run()
    for _ in range(20):
        with pytest.raises(RuntimeError, match="on purpose"):
            async with reader.open(LIMITS):
                raise RuntimeError("on purpose")
    assert (await surveyed(reader)).position == 0
