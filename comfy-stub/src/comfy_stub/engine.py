"""One life of the server: queue, history, cache, worker and the job counter. A restart is a new engine."""

from __future__ import annotations

import threading
from collections.abc import Callable

from comfy_stub.behaviour import Behaviour
from comfy_stub.cache import ResultCache
from comfy_stub.downfall import Downfall, Moment
from comfy_stub.execution import Conditions
from comfy_stub.frames import TextFrame, queue_status
from comfy_stub.ledger import Ledger
from comfy_stub.nodes.catalogue import CATALOGUE
from comfy_stub.nodes.definition import Surroundings
from comfy_stub.pace import pause
from comfy_stub.queue import PromptQueue
from comfy_stub.settings import Settings
from comfy_stub.sockets import Sockets, Voice
from comfy_stub.worker import Worker

DOWNFALL_SECONDS_MAX = 30.0


class Engine:
    """Everything a restart forgets. `fall` takes the server down and may be called from any thread."""

    def __init__(
        self,
        settings: Settings,
        behaviour: Behaviour,
        surroundings: Surroundings,
        sockets: Sockets,
        ledger: Ledger,
        fall: Callable[[Downfall], None],
    ) -> None:
        self._number = 0
        self._behaviour = behaviour
        self._fall = fall
        self._stopping = threading.Event()
        self._interrupted = threading.Event()
        self._voice = Voice(sockets)
        self.surroundings = surroundings
        self.queue = PromptQueue(self._announce)
        conditions = Conditions(
            CATALOGUE,
            surroundings,
            ResultCache(enabled=settings.keep_results),
            self._interrupted,
            self._stopping,
            settings.write_metadata,
            behaviour,
            self.reached,
        )
        self.worker = Worker(self.queue, conditions, behaviour, self._voice, ledger)

    def start(self) -> None:
        self.worker.start()

    def stop(self) -> None:
        """Drop everything at once; a node that draws is not waited for."""
        self._voice.mute()
        self._stopping.set()
        self.queue.close()

    def next_number(self) -> int:
        """The automatic job number; each request without an own number uses one up."""
        number = self._number
        self._number += 1
        return number

    def reached(self, moment: Moment) -> None:
        """A job is at `moment`. If the server is to go down there, the caller waits for it. Raises Abandoned."""
        planned = self._behaviour.downfall(moment)
        if planned is not None:
            self._fall(planned)
            pause(self._stopping, DOWNFALL_SECONDS_MAX)

    def interrupt(self, prompt_id: str | None) -> None:
        """Interrupt the given job if it runs, or whatever runs; in vain if interrupts come too late."""
        if self._behaviour.late_interrupts:
            return
        if prompt_id is None or self.queue.is_running(prompt_id):
            self._interrupted.set()

    def _announce(self, remaining: int) -> None:
        self._voice.post(TextFrame("status", queue_status(remaining)), None)
