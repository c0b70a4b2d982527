"""One pass of the selector on a log in memory: SEL-11, EVT-4, WRK-3, RUN-2, FAIL, KILL-6."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from unit.selector.build import parent, run, step
from unit.selector.memory import MemoryLease, MemoryReadModel, Selector

from carnival.contracts.candidate import CandidateRejected
from carnival.contracts.envelope import Event, Metadata, Recorded
from carnival.contracts.ids import CandidateId, JobId, Position, RunId
from carnival.contracts.job import CancelReason, FailureClass, FailureCode, JobCancelled, JobRequested
from carnival.contracts.run import RunChanged, StepPaused
from carnival.log.errors import LogUnavailable
from carnival.log.port import Appended, Expectation
from carnival.testing import examples
from carnival.testing.memory_log import MemoryEventLog
from selector.application.work_once import Contended, ReadModelBehind
from selector.domain.cancellation import OpenJob
from selector.domain.failing import FailingParent, FailingStep
from selector.domain.frontier import RunFrontier, RunStatus
from selector.domain.overlay import OwnEvent, overlaid
from selector.domain.request import request_id

RUN = RunId("r1")


def fresh(**facts: Any) -> RunFrontier:
    """The run that `started_log` holds: nothing has happened to it yet."""
    defaults: dict[str, Any] = {"last_position": 2, "last_job_number": 0, "status": RunStatus.PENDING, "t": 100}
    return run(**defaults | facts)


@pytest.fixture
async def log() -> MemoryEventLog:
    log = MemoryEventLog()
    await log.append(examples.pipeline_defined(), examples.meta())
    await log.append(examples.run_started(), examples.meta())
    return log


async def events(log: MemoryEventLog) -> list[Event]:
    """What the log holds behind the start of the run."""
    batches = [batch async for batch in log.read(Position(2))]
    return [entry.event for batch in batches for entry in batch if isinstance(entry, Recorded)]


def projecting(log: MemoryEventLog, model: MemoryReadModel) -> Callable[[Position], Awaitable[None]]:
    """A projector for the one run: requests are applied, anything else only moves the run."""

    async def catch_up(_: Position) -> None:
        state = fresh()
        for position, event in enumerate(await events(log), 3):
            state = overlaid(state, [OwnEvent(event, RUN, Position(position))])
        model.runs = [state]
        model.open_jobs = {"default": state.open_jobs}
        model.position = await log.end()

    return catch_up


async def test_wrk_3_jobs_are_asked_for_until_the_capacity_is_used(log: MemoryEventLog) -> None:
    model = MemoryReadModel(runs=[fresh()], open_jobs={"default": 1}, capacities={"default": 4})
    await Selector(log, model).work(thorough=True)
    requests = await events(log)
    assert [event.number for event in requests if isinstance(event, JobRequested)] == [1, 2, 3]
    assert [event.decision.read_position for event in requests if isinstance(event, JobRequested)] == [2, 3, 4]
    assert model.readings == 1


async def test_wrk_3_own_requests_that_the_read_model_does_not_show_yet_still_count(log: MemoryEventLog) -> None:
    selector = Selector(log, MemoryReadModel(runs=[fresh()], capacities={"default": 2}))
    await selector.work(thorough=True)
    await selector.work(thorough=True)
    assert len(await events(log)) == 2


async def test_sel_11_a_run_that_moved_is_read_again_and_chosen_anew(log: MemoryEventLog) -> None:
    model = MemoryReadModel(runs=[fresh()])
    model.catch_up = projecting(log, model)
    selector = Selector(log, model)
    selector.lease.term = 0
    await log.append(RunChanged(run_id=RUN, n=1), examples.meta())
    await selector.work(thorough=True)
    kinds = [type(event) for event in await events(log)]
    assert kinds == [RunChanged, JobRequested]
    assert model.readings == 2


async def test_sel_11_another_replica_took_the_number_with_another_decision(log: MemoryEventLog) -> None:
    """An event of our id stands there already: it is not taken for ours, the state is read again."""
    model = MemoryReadModel(runs=[fresh()])
    model.catch_up = projecting(log, model)
    selector = Selector(log, model)
    selector.lease.term = 0
    theirs = examples.job_requested(1)
    await log.append(theirs, examples.meta(event_id=request_id(RUN, 1)))
    await selector.work(thorough=True)
    assert await events(log) == [theirs]
    assert model.readings == 2


async def test_a_run_that_never_stands_still_is_given_up_for_this_pass(log: MemoryEventLog) -> None:
    model = MemoryReadModel(runs=[fresh()])
    catch_up = projecting(log, model)

    async def catch_up_and_move(position: Position) -> None:
        await catch_up(position)
        await log.append(RunChanged(run_id=RUN, n=model.readings + 1), examples.meta())

    model.catch_up = catch_up_and_move
    selector = Selector(log, model)
    selector.lease.term = 0
    await log.append(RunChanged(run_id=RUN, n=1), examples.meta())
    with pytest.raises(Contended):
        await selector.work(thorough=True)


async def test_an_entry_nobody_can_read_does_not_block_its_run(log: MemoryEventLog) -> None:
    """The read model parks it without moving the run; it has been passed, so the choice stands."""
    log.store("carnival.events.run.r1.RunChanged", {"ce-id": "x"}, b"broken")
    await Selector(log, MemoryReadModel(position=Position(3), runs=[fresh()])).work(thorough=True)
    assert [type(event) for event in await events(log)] == [JobRequested]


async def test_a_new_holder_of_the_lease_first_catches_up_with_the_log(log: MemoryEventLog) -> None:
    model = MemoryReadModel(runs=[fresh()])
    selector = Selector(log, model)
    await log.append(examples.job_requested(1), examples.meta())
    with pytest.raises(ReadModelBehind):
        await selector.work(thorough=True)
    assert model.readings == 0
    model.catch_up = projecting(log, model)
    await selector.work(thorough=True)
    assert len(await events(log)) == 1


async def test_nothing_is_done_without_the_lease(log: MemoryEventLog) -> None:
    model = MemoryReadModel(runs=[fresh()])
    await Selector(log, model, MemoryLease(held_for=0)).work(thorough=True)
    assert (await events(log), model.readings) == ([], 0)


async def test_choosing_stops_at_once_when_the_lease_is_lost(log: MemoryEventLog) -> None:
    model = MemoryReadModel(runs=[fresh()], capacities={"default": 10})
    await Selector(log, model, MemoryLease(held_for=3)).work(thorough=True)
    assert len(await events(log)) == 2


class LosesAnswers(MemoryEventLog):
    """A log that keeps one event and never says so."""

    def __init__(self) -> None:
        super().__init__()
        self.silent_appends = 0

    async def append(self, event: Event, meta: Metadata, *, expected: Expectation | None = None) -> Appended:
        appended = await super().append(event, meta, expected=expected)
        if self.silent_appends:
            self.silent_appends -= 1
            raise LogUnavailable("no answer")
        return appended


async def test_after_a_lost_answer_the_log_is_caught_up_with_before_the_next_choice() -> None:
    log = LosesAnswers()
    await log.append(examples.pipeline_defined(), examples.meta())
    await log.append(examples.run_started(), examples.meta())
    model = MemoryReadModel(runs=[fresh()])
    selector = Selector(log, model)
    log.silent_appends = 1
    with pytest.raises(LogUnavailable):
        await selector.work(thorough=True)
    with pytest.raises(ReadModelBehind):
        await selector.work(thorough=False)
    model.catch_up = projecting(log, model)
    await selector.work(thorough=False)
    assert len(await events(log)) == 1


async def test_run_2_turns_go_on_over_passes_and_readings(log: MemoryEventLog) -> None:
    for number in (2, 3):
        await log.append(examples.run_started(run_id=f"r{number}"), examples.meta())
    runs = [fresh(run_id=f"r{number}", created_position=number + 1, last_position=number + 1) for number in (1, 2, 3)]
    model = MemoryReadModel(position=Position(4), runs=runs, capacities={"default": 4}, last_served=Position(2))
    selector = Selector(log, model)
    await selector.work(thorough=True)
    model.capacities = {"default": 5}
    await selector.work(thorough=True)
    served = [event.run_id for event in await events(log) if isinstance(event, JobRequested)]
    assert served == ["r2", "r3", "r1", "r2", "r3"]


async def test_run_2_a_full_run_is_not_looked_at_again_until_something_happens_to_it(log: MemoryEventLog) -> None:
    model = MemoryReadModel(runs=[fresh(live_finals=1, t=1)])
    selector = Selector(log, model)
    await selector.work(thorough=True)
    await selector.work(thorough=False)
    assert model.looked_at == ["r1"]
    model.runs = [replace(model.runs[0], last_position=Position(3))]
    await selector.work(thorough=False)
    await selector.work(thorough=True)
    assert model.looked_at == ["r1"] * 3


async def test_sel_4_among_many_runs_the_only_one_with_work_is_found(log: MemoryEventLog) -> None:
    full = [fresh(run_id=f"full{number}", created_position=number + 10, t=0) for number in range(400)]
    await Selector(log, MemoryReadModel(runs=[*full, fresh(created_position=900)])).work(thorough=True)
    assert [event.run_id for event in await events(log) if isinstance(event, JobRequested)] == ["r1"]


def unwanted(**facts: Any) -> OpenJob:
    defaults: dict[str, Any] = {
        "job_id": JobId("j1"),
        "run_id": RUN,
        "pool": "default",
        "submitted": True,
        "parent_live": False,
        "run_status": RunStatus.RUNNING,
        "run_paused": False,
        "step_paused": False,
    }
    return OpenJob(**defaults | facts)


async def test_kill_6_jobs_below_a_rejected_branch_are_cancelled_once(log: MemoryEventLog) -> None:
    model = MemoryReadModel(unwanted=[unwanted()])
    selector = Selector(log, model)
    await selector.work(thorough=True)
    await selector.work(thorough=True)
    assert await events(log) == [
        JobCancelled(run_id=RUN, job_id=JobId("j1"), pool="default", reason=CancelReason.BRANCH_REJECTED)
    ]


async def test_fail_2_a_failing_parent_is_rejected_and_its_run_waits(log: MemoryEventLog) -> None:
    failing = FailingParent(candidate_id=CandidateId("a1"), run_id=RUN, failures=3, run_position=Position(2))
    model = MemoryReadModel(runs=[replace(fresh(), candidates=(parent("a2"),))], failing_parents=[failing])
    selector = Selector(log, model)
    await selector.work(thorough=True)
    await selector.work(thorough=True)
    assert [type(event) for event in await events(log)] == [CandidateRejected]


async def test_fail_5_a_failing_step_is_paused_and_gets_no_more_jobs(log: MemoryEventLog) -> None:
    failing = FailingStep(
        run_id=RUN,
        step_order=2,
        paused=False,
        consecutive_failures=1,
        failure_class=FailureClass.GRAPH,
        failure_code=FailureCode.REFUSED,
        message="no such node",
        run_position=Position(2),
    )
    model = MemoryReadModel(
        runs=[fresh(candidates=(parent("a1"),), steps=(step(1), step(2), step(3)))], failing_steps=[failing]
    )
    await Selector(log, model).work(thorough=True)
    assert [type(event) for event in await events(log)] == [StepPaused]


async def test_a_verdict_on_a_run_that_moved_waits_for_the_next_pass(log: MemoryEventLog) -> None:
    failing = FailingParent(candidate_id=CandidateId("a1"), run_id=RUN, failures=3, run_position=Position(2))
    model = MemoryReadModel(position=Position(2), failing_parents=[failing])
    selector = Selector(log, model)
    selector.lease.term = 0
    await log.append(RunChanged(run_id=RUN, n=1), examples.meta())
    await selector.work(thorough=True)
    assert [type(event) for event in await events(log)] == [RunChanged]
