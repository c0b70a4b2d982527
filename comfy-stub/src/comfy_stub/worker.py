"""The one thread that runs prompts, one after the other."""

from __future__ import annotations

import logging
import math
import threading
import time

from comfy_stub.behaviour import Behaviour
from comfy_stub.downfall import Moment
from comfy_stub.execution import Conditions, Execution
from comfy_stub.ledger import Ledger
from comfy_stub.pace import Abandoned, pause
from comfy_stub.queue import Item, PromptQueue
from comfy_stub.reporting import Report
from comfy_stub.sockets import Voice

log = logging.getLogger(__name__)


class Worker:
    """Ends with the queue, and for good when the heap of the queue is poisoned."""

    def __init__(
        self, queue: PromptQueue, conditions: Conditions, behaviour: Behaviour, voice: Voice, ledger: Ledger
    ) -> None:
        self._queue = queue
        self._conditions = conditions
        self._behaviour = behaviour
        self._voice = voice
        self._ledger = ledger
        self._free_at = math.inf
        self._execution: Execution | None = None
        self._thread = threading.Thread(target=self._work, name="comfy-stub-worker", daemon=True)
        self._dead = threading.Event()

    def start(self) -> None:
        self._thread.start()

    def join(self, seconds: float) -> bool:
        """Wait for the thread to end; False if it did not."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive() and not self._dead.is_set()

    def die(self) -> None:
        """Take no further job; the one that runs is finished."""
        self._dead.set()

    def forget_results(self) -> None:
        """Drop the cache before the next job, but for one that is posted before the worker heard of the wish."""
        self._free_at = time.monotonic() + self._behaviour.free_takes_seconds

    def node_running_for(self, client_id: str) -> str | None:
        execution = self._execution
        if execution is None or execution.item.extra_data.get("client_id") != client_id:
            return None
        return execution.current_node

    def _work(self) -> None:
        while True:
            try:
                taken = self._queue.take(self._dead.is_set)
            except TypeError:
                log.error("the queue holds items that cannot be compared: the worker ends")
                return
            if taken is None:
                return
            try:
                self._run(*taken)
            except Abandoned:
                return

    def _run(self, ticket: int, item: Item) -> None:
        if time.monotonic() >= self._free_at:
            self._free_at = math.inf
            self._conditions.cache.clear()
            self._behaviour.memory_filled = False
        self._conditions.interrupted.clear()
        report = Report(self._voice, item.prompt_id, item.extra_data.get("client_id"))
        line = self._ledger.begin(item)
        execution = Execution(item, self._conditions, report)
        verdict = "abandoned"
        try:
            self._execution = execution
            verdict = self._carried_out(execution)
        finally:
            self._execution = None
            self._ledger.end(line, verdict, len(execution.ran))
        pause(self._conditions.stopping, self._behaviour.history_delay_seconds)
        self._queue.finish(ticket, execution.entry(verdict))
        self._conditions.reached(Moment.RECORDED)
        report.ended()

    def _carried_out(self, execution: Execution) -> str:
        weight = execution.start()
        failure = self._behaviour.next_failure() if weight else None
        return execution.run(self._behaviour.seconds_per_image, failure)
