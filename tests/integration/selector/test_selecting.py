"""The selector on real servers: from the read model's rows to events in the log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from integration.selector.conftest import running_selector
from integration.selector.read_model import ReadModelRows
from nats.aio.client import Client
from nats.errors import NoRespondersError

from carnival.contracts.candidate import CandidateRejected, RejectionReason
from carnival.contracts.envelope import Event, Recorded
from carnival.contracts.ids import Position
from carnival.contracts.job import CancelReason, JobCancelled, JobRequested
from carnival.contracts.notices import NodePresence, NodeState, Projected
from carnival.contracts.run import StepPaused
from carnival.contracts.subjects import NEXT_DECISION, PRESENCE_BUCKET, PROJECTED
from carnival.log.nats_log import NatsEventLog
from carnival.testing import examples, until
from selector.adapters.next_decision import Mode, NextDecision, NextDecisionAsked
from selector.settings import Settings


@pytest.fixture
async def log(event_log: NatsEventLog, rows: ReadModelRows) -> NatsEventLog:
    """A log with one pipeline and one run, and a read model that shows them."""
    await event_log.append(examples.pipeline_defined(), examples.meta())
    await event_log.append(examples.run_started(), examples.meta())
    rows.pipeline(None, None, None)
    rows.run()
    rows.position(2)
    return event_log


async def news(log: NatsEventLog, kind: type[Event], count: int = 1) -> list[Event]:
    """The events of this kind behind the run's start, once there are `count` of them."""

    async def found() -> list[Event]:
        batches = [batch async for batch in log.read(Position(2))]
        entries = [entry for batch in batches for entry in batch if isinstance(entry, Recorded)]
        events = [entry.event for entry in entries if isinstance(entry.event, kind)]
        return events if len(events) >= count else []

    return await until(found, what=f"{count} x {kind.__name__}")


async def announce(connection: Client, slots: int) -> None:
    node = NodePresence(
        gateway="g1",
        node="n1",
        pool="default",
        slots=slots,
        state=NodeState.READY,
        expires_at=datetime.now(UTC) + timedelta(seconds=30),
    )
    bucket = await connection.jetstream().key_value(PRESENCE_BUCKET)
    await bucket.put(node.key, node.model_dump_json().encode())


async def projected(connection: Client, position: int) -> None:
    notice = Projected(position=Position(position))
    await connection.publish(PROJECTED, notice.model_dump_json().encode())


async def test_a_fresh_run_gets_one_base_image_while_no_node_is_there(log: NatsEventLog, settings: Settings) -> None:
    async with running_selector(settings):
        (event,) = await news(log, JobRequested)
    assert isinstance(event, JobRequested)
    assert (event.number, event.step_order, event.parent, event.seed) == (1, 1, None, 1_000_001)
    assert (event.decision.policy, event.decision.read_position) == ("round_robin", 2)
    assert await log.end() == 3


async def test_a_node_that_comes_wakes_the_selector(
    log: NatsEventLog, settings: Settings, nats_connection: Client
) -> None:
    async with running_selector(settings):
        await news(log, JobRequested)
        await announce(nats_connection, slots=2)
        await news(log, JobRequested, count=4)
    assert await log.end() == 6


async def test_nodes_announced_before_are_known_from_the_start(
    log: NatsEventLog, settings: Settings, nats_connection: Client
) -> None:
    await announce(nats_connection, slots=1)
    async with running_selector(settings):
        await news(log, JobRequested, count=2)
    assert await log.end() == 4


async def test_a_projection_notice_brings_the_next_job(
    log: NatsEventLog, rows: ReadModelRows, settings: Settings, nats_connection: Client
) -> None:
    async with running_selector(settings):
        await news(log, JobRequested)
        await log.append(examples.image_produced(1), examples.meta())
        rows.update("runs", {"run_id": "r1"}, status="running", last_job_number=1, last_position=4, served_position=3)
        rows.candidate("c1", rating=1200, position=4, place="f/c1.png")
        rows.position(4)
        await projected(nats_connection, 4)
        _, child = await news(log, JobRequested, count=2)
    assert isinstance(child, JobRequested)
    assert child.parent is not None
    assert (child.parent.candidate_id, child.parent.place, child.step_order) == ("c1", "f/c1.png", 2)
    assert (child.number, child.decision.tickets_total, child.decision.read_position) == (2, 1200, 4)


async def test_kill_6_fail_2_fail_5_housekeeping_comes_first(
    log: NatsEventLog, rows: ReadModelRows, settings: Settings
) -> None:
    await log.append(examples.run_started(run_id="r2"), examples.meta())
    rows.run("r2", last_position=3, created_position=3)
    rows.position(3)
    rows.candidate("bad", failures=3)
    rows.candidate("dead", live=False)
    rows.job(1, parent_id="dead", state="submitted", step_order=2)
    rows.update(
        "run_steps",
        {"run_id": "r2", "step_order": 1},
        consecutive_failures=5,
        last_failure_class="infrastructure",
        last_failure_message="no answer",
    )
    async with running_selector(settings):
        (cancelled,) = await news(log, JobCancelled)
        (paused,) = await news(log, StepPaused)
    assert isinstance(cancelled, JobCancelled)
    assert (cancelled.job_id, cancelled.reason) == ("j1", CancelReason.BRANCH_REJECTED)
    assert isinstance(paused, StepPaused)
    assert (paused.run_id, paused.step_order, paused.consecutive_failures) == ("r2", 1, 5)


async def test_fail_2_a_parent_is_rejected_for_its_failures(
    log: NatsEventLog, rows: ReadModelRows, settings: Settings
) -> None:
    rows.candidate("bad", failures=3)
    async with running_selector(settings):
        (rejected,) = await news(log, CandidateRejected)
    assert isinstance(rejected, CandidateRejected)
    assert (rejected.candidate_id, rejected.reason) == ("bad", RejectionReason.FAILURES)
    assert await log.end() == 3


async def test_sel_11_two_selectors_ask_for_each_job_once(log: NatsEventLog, settings: Settings) -> None:
    async with running_selector(settings) as one, running_selector(settings) as two:
        await news(log, JobRequested)
        await until(lambda: one.lease.held != two.lease.held)
    assert await log.end() == 3


async def ask(connection: Client, run_id: str | None = None) -> NextDecision:
    """The selector's answer. A subscription just sent may reach the server after a question on another line."""
    question = NextDecisionAsked.model_validate({"run_id": run_id}).model_dump_json().encode()

    async def answered() -> bytes | None:
        try:
            return (await connection.request(NEXT_DECISION, question, timeout=5)).data
        except NoRespondersError:
            return None

    return NextDecision.model_validate_json(await until(answered) or b"")


async def test_sel_14_what_would_be_next_is_answered_and_nothing_happens(
    log: NatsEventLog, rows: ReadModelRows, settings: Settings, nats_connection: Client
) -> None:
    rows.job(9)  # the pool is full, so the selector itself does nothing
    rows.run("r2", created_position=3, paused=True)
    rows.run("r3", created_position=4, profile="gated", n=1)
    rows.update("run_steps", {"run_id": "r3", "step_order": 1}, live=1)
    async with running_selector(settings):
        first = await ask(nats_connection)
        assert (first.mode, first.run_id, first.step_order, first.pool) == (Mode.BASE_GENERATION, "r1", 1, "default")
        rows.candidate("c1", rating=1100, position=4)
        rows.candidate("c2", rating=900, position=5)
        raffle = await ask(nats_connection, "r1")
        paused = await ask(nats_connection, "r2")
        waiting = await ask(nats_connection, "r3")
        unknown = await ask(nats_connection, "r9")
    assert (raffle.mode, raffle.step_order, raffle.parent_id) == (Mode.CHILD_GENERATION, 2, None)
    assert [(each.candidate_id, each.tickets) for each in raffle.competitors] == [("c1", 1100), ("c2", 900)]
    assert (raffle.competitors_total, raffle.tickets_total, raffle.position) == (2, 2000, 2)
    assert (paused.mode, paused.reason) == (Mode.NO_WORK, "run_paused")
    assert (waiting.mode, waiting.run_id, waiting.step_order) == (Mode.WAITING_FOR_APPROVAL, "r3", 1)
    assert (unknown.mode, unknown.reason) == (Mode.NO_WORK, "unknown_run")
    assert await log.end() == 2
