"""The order of jobs, and the step from running to history."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from comfy_stub.history import ENTRIES_BEFORE_DROPPING, History
from comfy_stub.queue import Item, PromptQueue

ENTRY: dict[str, Any] = {"outputs": {}, "status": {}, "meta": {}}


def item(number: float, prompt_id: str, seed: int = 0) -> Item:
    return Item(number, prompt_id, {"1": {"seed": seed}}, {}, [])


def new_queue() -> tuple[PromptQueue, list[int]]:
    counts: list[int] = []
    return PromptQueue(counts.append), counts


def taken(queue: PromptQueue) -> tuple[int, Item]:
    found = queue.take(lambda: False)
    assert found is not None
    return found


def test_the_smallest_number_runs_first() -> None:
    queue, _ = new_queue()
    for number, prompt_id in ((2, "b"), (-9, "front"), (1, "a")):
        queue.put(item(number, prompt_id))
    assert [taken(queue)[1].prompt_id for _ in range(3)] == ["front", "a", "b"]


def test_popping_leaves_the_count_and_finishing_lowers_it() -> None:
    queue, counts = new_queue()
    queue.put(item(0, "a"))
    ticket, _ = taken(queue)
    queue.finish(ticket, ENTRY)
    assert counts == [1, 1, 0]
    assert list(queue.history_of("a")) == ["a"]


def test_deleting_takes_one_pending_job_for_each_id() -> None:
    queue, _ = new_queue()
    for number in range(3):
        queue.put(item(number, "twin"))
    queue.delete(["twin", "unknown"])
    assert queue.remaining() == 2


def test_a_running_job_cannot_be_deleted() -> None:
    queue, _ = new_queue()
    queue.put(item(0, "a"))
    taken(queue)
    queue.delete(["a"])
    queue.clear()
    assert queue.is_running("a")


def test_equal_number_and_id_raise_and_stay_queued() -> None:
    queue, _ = new_queue()
    queue.put(item(5, "same", 1))
    with pytest.raises(TypeError):
        queue.put(item(5, "same", 2))
    assert queue.remaining() == 2


def test_a_closed_queue_ends_the_waiting() -> None:
    queue, _ = new_queue()
    ended = threading.Event()

    def wait() -> None:
        assert queue.take(lambda: False) is None
        ended.set()

    thread = threading.Thread(target=wait)
    thread.start()
    queue.close()
    thread.join(5)
    assert ended.is_set()


def test_history_keeps_ten_thousand_and_one() -> None:
    history = History()
    for place in range(ENTRIES_BEFORE_DROPPING + 50):
        history.add(str(place), {})
    page = history.page(None, -1)
    assert len(page) == ENTRIES_BEFORE_DROPPING + 1
    assert next(iter(page)) == "49"


def test_history_pages_from_the_newest_or_from_an_offset() -> None:
    history = History()
    for name in "abcd":
        history.add(name, {})
    assert list(history.page(2, -1)) == ["c", "d"]
    assert list(history.page(1, 0)) == ["a"]
    assert history.page(0, -1) == {}


def test_a_reused_id_keeps_its_place() -> None:
    history = History()
    for name in ("a", "b", "a"):
        history.add(name, {"again": name})
    assert list(history.page(None, -1)) == ["a", "b"]
