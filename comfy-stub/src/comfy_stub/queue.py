"""The jobs that wait and the one that runs, together with the history they end up in.

The heap compares plain tuples on purpose: two pending items with the same number and the same id compare their
workflows, which raises TypeError, answers 500 and with more of them ends the worker. That is how ComfyUI fails too.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from comfy_stub.history import History
from comfy_stub.wire import JsonObject


class Item(NamedTuple):
    """What /queue and /history show of a job; runs in the order of `(number, prompt_id)`."""

    number: float
    prompt_id: str
    prompt: JsonObject
    extra_data: JsonObject
    outputs: list[str]


@dataclass(frozen=True, slots=True)
class QueueView:
    running: list[Item]
    pending: list[Item]


class PromptQueue:
    """Thread-safe. `on_change` is called under the lock, after every change of the number of jobs."""

    def __init__(self, on_change: Callable[[int], None]) -> None:
        self._lock = threading.RLock()
        self._arrived = threading.Condition(self._lock)
        self._pending: list[Item] = []
        self._running: dict[int, Item] = {}
        self._tickets = 0
        self._history = History()
        self._on_change = on_change
        self._closed = False

    def put(self, item: Item) -> None:
        """Raises TypeError when an equal number and id already wait; the item is then queued all the same."""
        with self._lock:
            heapq.heappush(self._pending, item)
            self._changed()
            self._arrived.notify()

    def take(self, is_refused: Callable[[], bool]) -> tuple[int, Item] | None:
        """Wait for the next job, as long as jobs are refused; None once the queue is closed.

        Raises TypeError on a poisoned heap.
        """
        with self._lock:
            while (not self._pending or is_refused()) and not self._closed:
                self._arrived.wait()
            if self._closed:
                return None
            item = heapq.heappop(self._pending)
            self._tickets += 1
            self._running[self._tickets] = item
            self._changed()
            return self._tickets, item

    def finish(self, ticket: int, entry: JsonObject) -> None:
        """Move a job from running to history in one step, so that it is never in neither."""
        with self._lock:
            if self._closed:
                return
            item = self._running.pop(ticket)
            self._history.add(item.prompt_id, {"prompt": list(item), **entry})
            self._changed()

    def remaining(self) -> int:
        with self._lock:
            return len(self._pending) + len(self._running)

    def view(self) -> QueueView:
        with self._lock:
            return QueueView(list(self._running.values()), list(self._pending))

    def is_running(self, prompt_id: str) -> bool:
        with self._lock:
            return any(item.prompt_id == prompt_id for item in self._running.values())

    def delete(self, prompt_ids: Iterable[str]) -> None:
        """Remove one pending job per id given; running and unknown ones are left alone."""
        with self._lock:
            for prompt_id in prompt_ids:
                place = next((at for at, item in enumerate(self._pending) if item.prompt_id == prompt_id), None)
                if place is not None:
                    del self._pending[place]
                    heapq.heapify(self._pending)
                    self._changed()

    def clear(self) -> None:
        with self._lock:
            self._pending = []
            self._changed()

    def close(self) -> None:
        """End the waiting of the worker; nothing is reported or written afterwards."""
        with self._lock:
            self._closed = True
            self._arrived.notify_all()

    def history_of(self, prompt_id: str) -> JsonObject:
        with self._lock:
            return self._history.one(prompt_id)

    def history_page(self, max_items: int | None, offset: int) -> JsonObject:
        with self._lock:
            return self._history.page(max_items, offset)

    def forget(self, prompt_ids: Iterable[str]) -> None:
        with self._lock:
            for prompt_id in prompt_ids:
                self._history.delete(prompt_id)

    def forget_all(self) -> None:
        with self._lock:
            self._history.clear()

    def _changed(self) -> None:
        if not self._closed:
            self._on_change(len(self._pending) + len(self._running))
