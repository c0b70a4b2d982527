"""Every recorded decision, taken again on the state it was taken on, is the recorded one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from fixtures.pipelines import VARIABLES, portrait
from fixtures.stack import Stack, running_stack
from integration.projector.projecting import Heard

from carnival.contracts.envelope import LogEntry, Recorded
from carnival.contracts.ids import Position
from carnival.contracts.job import JobRequested, SelectionMode
from carnival.contracts.run import RunPolicy
from carnival.log.connection import open_connection
from carnival.log.nats_log import NatsEventLog
from carnival.postgres import open_pool
from projector.adapters.row_store import PostgresRows
from projector.application.memory import MemoryLimits
from projector.application.project_batch import ProjectBatch
from selector.adapters.frontier_reader import PostgresFrontierReader
from selector.domain.choice import BaseGeneration, ChildGeneration, Choice, choose_next_job
from selector.domain.frontier import RunFrontier
from selector.domain.raffle import Draw
from selector.domain.request import RANDOM_BELOW, job_request
from selector.domain.rules import Limits

LIMITS = Limits(parent_failures_max=3)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BATCH = 200
RAFFLE = {"weights": "boltzmann", "temperature": 50}


class Projection:
    """A read model of its own that goes to any position of a known log, forward only."""

    def __init__(self, project: ProjectBatch, reader: PostgresFrontierReader, log: Sequence[LogEntry]) -> None:
        self._project = project
        self._reader = reader
        self._ahead = list(log)

    async def run_at(self, request: JobRequested) -> RunFrontier:
        """The run of `request` as its decision saw it."""
        position = request.decision.read_position
        due = [entry for entry in self._ahead if entry.position <= position]
        self._ahead = self._ahead[len(due) :]
        for start in range(0, len(due), BATCH):
            await self._project(due[start : start + BATCH])
        async with self._reader.open(LIMITS) as reading:
            assert reading.survey.position == position
            (run,) = await reading.frontiers([request.run_id])
            return run


@asynccontextmanager
async def projection(url: str, log: Sequence[LogEntry]) -> AsyncGenerator[Projection]:
    rows, pool = PostgresRows(url), await open_pool(url)
    try:
        assert await rows.open()
        project = ProjectBatch(rows, Heard(), await rows.checkpoint(), MemoryLimits(), 1)
        yield Projection(project, PostgresFrontierReader(pool), log)
    finally:
        await pool.close()
        await rows.close()


def again(run: RunFrontier, job: JobRequested) -> JobRequested | Choice:
    """What is asked for on `run` at the time of `job`, by its chance, its pool alone having room; else why nothing is.

    Which other pools had room is not recorded. It need not be: what was chosen came first of all that had room, so it
    comes first of what its own pool takes.
    """
    policy, chance = RunPolicy(job.decision.policy), chance_of(job)
    # In the middle of the recorded millisecond: no rounding leads out of it.
    now = EPOCH + timedelta(milliseconds=job.moment_ms, microseconds=500)
    choice = choose_next_job([run], policy, LIMITS, chance, now, has_room=lambda pool: pool == job.pool)
    if not isinstance(choice, ChildGeneration | BaseGeneration):
        return choice
    return job_request(choice, policy, job.decision.read_position, chance, now)


def chance_of(job: JobRequested) -> Draw:
    """The recorded numbers, each drawn from as many as it was."""
    drawn = {RANDOM_BELOW: job.random}
    if job.decision.draw is not None:
        drawn[job.decision.tickets_total or job.decision.competitors_total] = job.decision.draw
    return drawn.__getitem__


async def curate(stack: Stack) -> tuple[str, str]:
    """An autonomous and a gated run side by side, with all that a person does to decisions."""
    pipeline_id = await stack.define_pipeline(*portrait())
    free = await stack.start_run(pipeline_id, n=3, t=4, variables=VARIABLES)
    gated = await stack.start_run(pipeline_id, n=3, t=9, variables=VARIABLES, profile="gated", raffle=RAFFLE)
    await stack.wait_for_run(free, lambda run: run["finals"] >= 4 and run["open_jobs"] == 0, what="finals")
    await vote(stack, free, 6)
    base = next(node for node in await stack.tree(free) if node["step_order"] == 1)
    await stack.post(f"/api/candidates/{base['candidate_id']}/reject")
    changed = await stack.http.patch(f"/api/runs/{free}", json={"n": 5, "t": 9})
    assert changed.status_code == 200, changed.text
    await stack.wait_for_run(gated, lambda run: run["steps"][0]["live"] == 3 and run["open_jobs"] == 0)
    await vote(stack, gated, 2)
    for order, live in ((1, 6), (2, 2)):
        await stack.post(f"/api/runs/{gated}/steps/{order}/approve", {"k": 2})
        await stack.wait_for_run(gated, lambda run, at=order, due=live: run["steps"][at]["live"] == due)
    await stack.wait_for_run(free, lambda run: run["finals"] >= 9 and run["open_jobs"] == 0, what="more finals")
    return free, gated


async def vote(stack: Stack, run_id: str, times: int) -> None:
    for _ in range(times):
        pair = (await stack.get(f"/api/runs/{run_id}/next-pair", voter="ada"))["pair"]
        left, right = (pair[side]["candidate_id"] for side in ("left", "right"))
        await stack.post("/api/votes", {"left_id": left, "right_id": right, "outcome": "left", "voter": "ada"})


async def check_what_if(stack: Stack, run_id: str) -> None:
    """The same settings change nothing; a smaller N leaves jobs out, and saves what their images took."""
    jobs = {job["job_id"]: job for job in await stack.jobs(run_id)}
    same = await stack.post(f"/api/runs/{run_id}/what-if")
    assert (same["decisions"], same["same"]) == (len(jobs), len(jobs))
    assert (same["left_out"], same["extra"], same["moves"], same["gpu_seconds_saved"]) == ([], [], [], 0)
    fewer = json.loads(await stack.carnival("what-if", run_id, "--n", "1", "--json"))
    left_out = [jobs[one["job_id"]] for one in fewer["left_out"]]
    assert 0 < len(left_out) == fewer["left_out_total"] < len(jobs)
    assert fewer["gpu_seconds_saved"] == pytest.approx(sum(job["gpu_seconds"] for job in left_out))
    parents = Counter(job["parent_id"] for job in jobs.values() if job not in left_out and job["parent_id"])
    assert all(children == 1 for children in parents.values())


async def check_rated_otherwise(stack: Stack, autonomous: str, gated: str) -> None:
    """In an autonomous run ratings only weigh the draws. In the gated one every raffle is among bases voted on."""
    body = {"rating": {"system": "weng-lin"}}
    weighed = await stack.post(f"/api/runs/{autonomous}/what-if", body)
    assert (weighed["left_out_total"], weighed["gpu_seconds_saved"], weighed["extra"]) == (0, 0, [])
    raffles = await stack.post(f"/api/runs/{gated}/what-if", body)
    assert raffles["same"] < raffles["decisions"]
    hotter = json.loads(await stack.carnival("what-if", gated, "--raffle", "boltzmann:5000", "--json"))
    assert (hotter["left_out_total"], hotter["same"] < hotter["decisions"]) == (0, True)
    unknown = await stack.http.post(f"/api/runs/{gated}/what-if", json={"rating": {"system": "nope"}})
    assert unknown.status_code == 409


async def whole_log(stack: Stack) -> list[LogEntry]:
    connection = await open_connection(stack.state()["nats_url"], "test")
    try:
        return [entry async for batch in NatsEventLog(connection).read(Position(0)) for entry in batch]
    finally:
        await connection.close()


@pytest.mark.timeout(400)
async def test_evt_3_raf_5_a_decision_taken_again_on_its_state_asks_for_the_same_job(postgres_url: str) -> None:
    async with running_stack(COMFY_STUB_SECONDS_PER_IMAGE="0.1") as stack:
        runs = await curate(stack)
        log = await whole_log(stack)
        for run_id in runs:
            await check_what_if(stack, run_id)
        await check_rated_otherwise(stack, *runs)
    requests = [entry.event for entry in log if isinstance(entry, Recorded) and isinstance(entry.event, JobRequested)]
    async with projection(postgres_url, log) as projected:
        for job in requests:
            assert again(await projected.run_at(job), job) == job
    modes = Counter(job.decision.mode for job in requests)
    assert modes[SelectionMode.BASE_GENERATION] > 3
    assert modes[SelectionMode.CHILD_GENERATION] > 15
    tickets = [{one.tickets for one in job.decision.competitors} for job in requests]
    assert any(len(different) > 1 for different in tickets)
