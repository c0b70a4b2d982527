"""One command, one event, exactly once, and the fold's verdict on it."""

from __future__ import annotations

import pytest
from unit.curation_api.application.read_model_in_memory import MemoryReadModel, books_over

from carnival.contracts import subjects
from carnival.contracts.envelope import Recorded
from carnival.contracts.ids import Position, RunId
from carnival.contracts.run import RunPaused, RunResumed
from carnival.contracts.verdict import VoidReason
from carnival.log.port import Expectation
from carnival.testing import examples
from carnival.testing.memory_log import MemoryEventLog
from curation_api.application.books import DECISIONS_MAX
from curation_api.application.ledger import Ledger, Proposal
from curation_api.domain.idempotency import Origin, digest_of, keyed_origin, plain_origin
from curation_api.domain.refusals import (
    Conflict,
    Contended,
    KeyReused,
    ProjectionBehind,
    RunEnded,
    RunUnknown,
    TooLarge,
)

PAUSED = RunPaused(run_id=RunId("r1"), reason="lunch")
PLAIN = plain_origin("ada", "e1")


def keyed(body: bytes = b"{}", actor: str = "ada", key: str = "k1") -> Origin:
    return keyed_origin(actor, "POST /api/runs/r1/pause", key, digest_of("", body))


class Bench:
    def __init__(self) -> None:
        self.now = 0.0
        self.log = MemoryEventLog(lambda: self.now)
        self.read_model = MemoryReadModel(self.log)
        self.ledger = Ledger(books_over(self.log, self.read_model, lambda: self.now))


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def pause() -> Proposal[RunPaused]:
    return Proposal(PAUSED)


async def nothing() -> None:
    return None


async def test_a_decision_is_appended_and_its_verdict_awaited(bench: Bench) -> None:
    receipt = await bench.ledger.once(PLAIN, RunPaused, pause)
    assert (receipt.position, receipt.event, receipt.projected, receipt.changed) == (1, PAUSED, True, True)
    entry = await bench.log.at(Position(1))
    assert isinstance(entry, Recorded)
    assert (entry.meta.event_id, entry.meta.actor, entry.meta.source) == ("e1", "ada", "curation-api")


async def test_nothing_to_change_appends_nothing(bench: Bench) -> None:
    receipt = await bench.ledger.once(PLAIN, RunPaused, nothing)
    assert (receipt.event, receipt.changed) == (None, False)
    assert await bench.log.end() == 0


async def test_without_the_projector_the_receipt_says_so(bench: Bench) -> None:
    bench.read_model.follows = False
    receipt = await bench.ledger.once(PLAIN, RunPaused, pause)
    assert (receipt.position, receipt.projected) == (1, False)


async def test_a_void_event_is_a_refusal_in_words(bench: Bench) -> None:
    bench.read_model.voids[1] = VoidReason.RUN_COMPLETED
    with pytest.raises(RunEnded) as caught:
        await bench.ledger.once(PLAIN, RunPaused, pause)
    assert caught.value.facts == {"reason": "run_completed", "position": 1}


async def test_a_void_event_whose_wish_is_true_anyway_is_no_refusal(bench: Bench) -> None:
    bench.read_model.voids[1] = VoidReason.NOTHING_CHANGES
    receipt = await bench.ledger.once(PLAIN, RunPaused, pause)
    assert not receipt.changed


@pytest.mark.parametrize("projected_between", [True, False])
async def test_a_command_sent_again_has_the_effect_of_one(bench: Bench, projected_between: bool) -> None:
    bench.read_model.follows = projected_between
    first = await bench.ledger.once(keyed(), RunPaused, pause)
    bench.read_model.follows = True
    again = await bench.ledger.once(keyed(b" { } "), RunPaused, pause)
    assert (again.position, again.event, again.replayed) == (first.position, first.event, True)
    assert await bench.log.end() == 1


async def test_a_command_sent_again_is_answered_as_the_first_even_where_it_is_refused_by_now(bench: Bench) -> None:
    await bench.ledger.once(keyed(), RunPaused, pause)

    async def refuse() -> Proposal[RunPaused]:
        raise Conflict("paused already")

    assert (await bench.ledger.once(keyed(), RunPaused, refuse)).replayed


async def test_the_first_one_projected_while_the_second_decides_is_found(bench: Bench) -> None:
    bench.read_model.follows = False
    await bench.ledger.once(keyed(), RunPaused, pause)

    async def refuse_because_of_the_first() -> Proposal[RunPaused]:
        bench.read_model.follows = True
        await bench.read_model.reached(Position(1), 0)
        raise Conflict("paused already")

    assert (await bench.ledger.once(keyed(), RunPaused, refuse_because_of_the_first)).replayed


async def test_a_decided_refusal_is_recorded_and_stands_though_it_would_be_accepted_by_now(bench: Bench) -> None:
    async def refuse() -> Proposal[RunPaused]:
        raise RunUnknown("There is no run r1", run_id="r1")

    for decide in (refuse, pause, nothing):
        with pytest.raises(RunUnknown, match="There is no run r1") as caught:
            await bench.ledger.once(keyed(), RunPaused, decide)
        assert caught.value.facts == {"run_id": "r1"}
    assert await bench.log.end() == 1
    with pytest.raises(KeyReused):
        await bench.ledger.once(keyed(b'{"other": 1}'), RunPaused, pause)


async def test_nothing_to_change_stands_for_its_key_too(bench: Bench) -> None:
    first = await bench.ledger.once(keyed(), RunPaused, nothing)
    again = await bench.ledger.once(keyed(), RunPaused, pause)
    assert (again.position, again.event, again.changed, again.replayed) == (first.position, None, False, True)
    assert await bench.log.end() == 1


async def test_what_is_about_the_moment_only_is_decided_anew(bench: Bench) -> None:
    async def busy() -> Proposal[RunPaused]:
        raise Contended("later")

    with pytest.raises(Contended):
        await bench.ledger.once(keyed(), RunPaused, busy)
    assert (await bench.ledger.once(keyed(), RunPaused, pause)).event == PAUSED


async def test_of_two_first_tries_that_decide_differently_both_are_answered_by_the_one_written(bench: Bench) -> None:
    bench.read_model.follows = False

    async def refuse_late() -> Proposal[RunPaused]:
        await bench.ledger.once(keyed(), RunPaused, pause)
        raise Conflict("paused already")

    assert (await bench.ledger.once(keyed(), RunPaused, refuse_late)).event == PAUSED
    assert await bench.log.end() == 1


async def test_a_key_is_refused_while_the_read_model_is_so_far_behind_that_it_could_count_twice(bench: Bench) -> None:
    bench.read_model.follows = False
    await bench.log.append(PAUSED, examples.meta())
    assert (await bench.ledger.once(keyed(key="k1"), RunPaused, pause)).event == PAUSED
    bench.now += 360
    with pytest.raises(ProjectionBehind, match="count twice"):
        await bench.ledger.once(keyed(key="k2"), RunPaused, pause)
    assert (await bench.ledger.once(PLAIN, RunPaused, pause)).event == PAUSED
    bench.read_model.follows = True
    assert (await bench.ledger.once(keyed(key="k2"), RunPaused, pause)).event == PAUSED


async def test_a_refused_command_sent_again_is_refused_again(bench: Bench) -> None:
    bench.read_model.voids[1] = VoidReason.RUN_COMPLETED
    for _ in range(2):
        with pytest.raises(RunEnded):
            await bench.ledger.once(keyed(), RunPaused, pause)
    assert await bench.log.end() == 1


@pytest.mark.parametrize("projected_between", [True, False])
async def test_one_key_is_for_one_command(bench: Bench, projected_between: bool) -> None:
    bench.read_model.follows = projected_between
    await bench.ledger.once(keyed(b'{"reason": "lunch"}'), RunPaused, pause)
    with pytest.raises(KeyReused):
        await bench.ledger.once(keyed(b'{"reason": "dinner"}'), RunPaused, pause)


async def test_a_key_counts_per_actor(bench: Bench) -> None:
    await bench.ledger.once(keyed(), RunPaused, pause)
    await bench.ledger.once(keyed(actor="bob"), RunPaused, pause)
    assert await bench.log.end() == 2


async def test_a_stale_decision_is_made_again(bench: Bench) -> None:
    everything = subjects.all_of_run(RunId("r1"))
    seen: list[int] = []

    async def decide() -> Proposal[RunResumed]:
        newest = await bench.log.last_of(everything)
        seen.append(newest.position if newest else 0)
        if len(seen) == 1:
            await bench.log.append(PAUSED, examples.meta())
        return Proposal(RunResumed(run_id=RunId("r1")), Expectation(everything, Position(seen[-1])))

    receipt = await bench.ledger.once(PLAIN, RunResumed, decide)
    assert (seen, receipt.position) == ([0, 1], 2)


async def test_a_decision_that_is_always_stale_is_given_up(bench: Bench) -> None:
    decisions = 0

    async def decide() -> Proposal[RunPaused]:
        nonlocal decisions
        decisions += 1
        return Proposal(PAUSED, Expectation(subjects.all_of_run(RunId("r1")), Position(77)))

    with pytest.raises(Contended):
        await bench.ledger.once(PLAIN, RunPaused, decide)
    assert decisions == DECISIONS_MAX


async def test_an_event_the_log_cannot_take_is_refused_before(bench: Bench) -> None:
    async def decide() -> Proposal[RunPaused]:
        return Proposal(RunPaused(run_id=RunId("r1"), reason="x" * 9000))

    with pytest.raises(TooLarge):
        await bench.ledger.once(PLAIN, RunPaused, decide)
