"""One command about many things: all or none, exactly once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from unit.curation_api.application.read_model_in_memory import MemoryReadModel, books_over

from carnival.contracts.envelope import Event
from carnival.contracts.ids import Position, RunId
from carnival.contracts.run import RunPaused
from carnival.contracts.verdict import VoidReason
from carnival.testing.memory_log import MemoryEventLog
from curation_api.application.batch_ledger import BatchLedger, Proposals
from curation_api.domain.idempotency import Origin, digest_of, keyed_origin, plain_origin
from curation_api.domain.refusals import Conflict, KeyReused, TooLarge

KEYS = ["a", "b", "c"]
PLAIN = plain_origin("ada", "e1")


Decide = Callable[[], Awaitable[Proposals[Event]]]


def keyed(body: bytes = b"{}", key: str = "k1") -> Origin:
    return keyed_origin("ada", "POST /api/things", key, digest_of("", body))


class Bench:
    def __init__(self) -> None:
        self.log = MemoryEventLog()
        self.read_model = MemoryReadModel(self.log)
        self.ledger = BatchLedger(books_over(self.log, self.read_model))


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def two_of_three() -> Proposals[Event]:
    return Proposals({"a": RunPaused(run_id=RunId("a")), "b": None, "c": RunPaused(run_id=RunId("c"))})


async def nothing() -> Proposals[Event]:
    return Proposals(dict.fromkeys(KEYS))


async def refusing() -> Proposals[Event]:
    raise Conflict("no")


async def test_events_stand_side_by_side_and_each_item_says_whether_it_changed(bench: Bench) -> None:
    receipt = await bench.ledger.once(PLAIN, KEYS, two_of_three)
    assert (receipt.position, await bench.log.end()) == (2, 2)
    assert [(item.key, item.changed) for item in receipt.items] == [("a", True), ("b", False), ("c", True)]


async def test_a_refusal_of_one_writes_none(bench: Bench) -> None:
    with pytest.raises(Conflict):
        await bench.ledger.once(PLAIN, KEYS, refusing)
    assert await bench.log.end() == 0


async def test_nothing_to_change_writes_nothing(bench: Bench) -> None:
    receipt = await bench.ledger.once(PLAIN, KEYS, nothing)
    assert [item.changed for item in receipt.items] == [False, False, False]
    assert await bench.log.end() == 0


@pytest.mark.parametrize("later", [two_of_three, nothing, refusing])
async def test_sent_again_it_is_answered_as_the_first_time_whatever_is_true_by_now(bench: Bench, later: Decide) -> None:
    first = await bench.ledger.once(keyed(), KEYS, two_of_three)
    again = await bench.ledger.once(keyed(b" {} "), KEYS, later)
    assert (again.items, again.position, again.replayed) == (first.items, first.position, True)
    assert (first.position, await bench.log.end()) == (2, 3)


@pytest.mark.parametrize("later", [two_of_three, nothing, refusing])
async def test_a_refusal_or_nothing_to_change_stands_for_its_key(bench: Bench, later: Decide) -> None:
    with pytest.raises(Conflict, match="no"):
        await bench.ledger.once(keyed(), KEYS, refusing)
    with pytest.raises(Conflict, match="no"):
        await bench.ledger.once(keyed(), KEYS, later)
    first = await bench.ledger.once(keyed(key="k2"), KEYS, nothing)
    again = await bench.ledger.once(keyed(key="k2"), KEYS, later)
    assert (again.items, again.position, again.replayed) == (first.items, first.position, True)
    assert await bench.log.end() == 2


async def test_a_refusal_that_comes_behind_the_first_try_is_answered_as_that_one(bench: Bench) -> None:
    bench.read_model.follows = False

    async def refuse_late() -> Proposals[Event]:
        await bench.ledger.once(keyed(), KEYS, two_of_three)
        raise Conflict("no")

    receipt = await bench.ledger.once(keyed(), KEYS, refuse_late)
    assert (receipt.replayed, [item.changed for item in receipt.items]) == (True, [True, False, True])
    assert await bench.log.end() == 3


async def test_sent_again_before_it_is_projected_it_is_written_once(bench: Bench) -> None:
    bench.read_model.follows = False
    first = await bench.ledger.once(keyed(), KEYS, two_of_three)
    again = await bench.ledger.once(keyed(), KEYS, two_of_three)
    assert (first.projected, again.replayed, again.position) == (False, True, first.position)
    assert await bench.log.end() == 3


async def test_the_same_key_with_other_words_is_refused(bench: Bench) -> None:
    await bench.ledger.once(keyed(), KEYS, two_of_three)
    with pytest.raises(KeyReused):
        await bench.ledger.once(keyed(b'{"other": 1}'), KEYS, two_of_three)


async def test_who_was_too_late_is_told_item_by_item(bench: Bench) -> None:
    bench.read_model.voids = {1: VoidReason.ALREADY_REJECTED, 2: VoidReason.UNKNOWN_RUN}
    receipt = await bench.ledger.once(PLAIN, KEYS, two_of_three)
    assert [(item.changed, item.void) for item in receipt.items] == [
        (False, None),
        (False, None),
        (False, VoidReason.UNKNOWN_RUN),
    ]


async def test_more_events_than_one_batch_holds_are_refused(bench: Bench) -> None:
    keys = [str(number) for number in range(1001)]

    async def too_many() -> Proposals[Event]:
        return Proposals({key: RunPaused(run_id=RunId(key)) for key in keys})

    with pytest.raises(TooLarge):
        await bench.ledger.once(PLAIN, keys, too_many)
    assert await bench.log.at(Position(1)) is None
