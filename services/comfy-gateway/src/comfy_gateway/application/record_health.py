"""What is held against one server, and what went wrong there lately."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from carnival.contracts.ids import JobId
from carnival.contracts.job import FailureClass
from carnival.contracts.notices import NodeError
from comfy_gateway.domain.failure import Failure, scrubbed
from comfy_gateway.domain.health import Health, HealthRules, is_own_fault

ERRORS_MAX: Final = 10

_log = structlog.get_logger(__name__)


class HealthRecord:
    """`on_change` is called when the health changed, or an error came in."""

    def __init__(
        self, node: str, rules: HealthRules, clock: Callable[[], datetime], on_change: Callable[[], None]
    ) -> None:
        self.health = Health()
        self._node = node
        self._rules = rules
        self._clock = clock
        self._on_change = on_change
        self._errors: deque[NodeError] = deque(maxlen=ERRORS_MAX)

    @property
    def errors(self) -> tuple[NodeError, ...]:
        """The newest first."""
        return tuple(self._errors)

    def restore(self, health: Health) -> None:
        """As an earlier life of the gateway left it."""
        self._turn_to(health)

    def struck(self, words: str) -> None:
        """The server failed by itself: it fell silent, or its worker died."""
        self._note(FailureClass.INFRASTRUCTURE, words)
        self._turn_to(self.health.struck(self._rules, words, self._clock()))

    def noticed(self, words: str) -> None:
        """Something went wrong that is not held against it."""
        self._note(FailureClass.INFRASTRUCTURE, words)

    def job_failed(self, job_id: JobId, failure: Failure, *, known_trouble: bool) -> None:
        """`known_trouble`: it is unreachable, which was held against it when it fell silent."""
        self._note(failure.failure_class, failure.message, job_id)
        if is_own_fault(failure) and not known_trouble:
            self._turn_to(self.health.struck(self._rules, failure.message, self._clock()))

    def job_done(self) -> None:
        self._turn_to(self.health.proved())

    def canary_passed(self) -> None:
        self._turn_to(self.health.canary_passed())

    def canary_failed(self, words: str) -> None:
        self._note(FailureClass.INFRASTRUCTURE, f"A canary failed: {words}")
        self._turn_to(self.health.canary_failed(self._rules, scrubbed(words), self._clock()))

    def _note(self, failure_class: FailureClass, words: str, job_id: JobId | None = None) -> None:
        error = NodeError(time=self._clock(), failure_class=failure_class, message=scrubbed(words), job_id=job_id)
        self._errors.appendleft(error)
        self._on_change()

    def _turn_to(self, health: Health) -> None:
        before, self.health = self.health, health
        if health == before:
            return
        held, now_held = before.quarantine, health.quarantine
        if now_held is not None:
            until, reason = now_held.until.isoformat(), now_held.reason
            _log.warning(
                "A node is in quarantine", action="node_quarantined", node=self._node, until=until, reason=reason
            )
        elif held is not None:
            _log.warning("A node is taken back", action="node_taken_back", node=self._node)
        self._on_change()
