"""One job while this gateway has it in hand."""

from __future__ import annotations

import asyncio
import time

from carnival.concurrency import is_set_within
from carnival.contracts.envelope import Metadata, Recorded
from carnival.contracts.ids import JobId, Position
from carnival.contracts.job import AttemptFailed, JobCancelled, JobRequested
from carnival.contracts.notices import JobAtNode, JobPhase
from comfy_gateway.application.ports import Delivery
from comfy_gateway.domain.cancellation import takes_effect
from comfy_gateway.domain.prompt_id import prompt_id
from comfy_gateway.domain.workflow import Workflow


class JobInHand:
    """Mutable and owned by one task; hints and cancellations only leave word and wake it."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self.phase = JobPhase.STAGING
        self.failed: list[AttemptFailed] = []
        self.submitted_at: Position | None = None
        self.cancellations: list[Recorded[JobCancelled]] = []
        self.end_hinted = False
        self.workflow: Workflow = {}
        self.nodes_cached = 0
        self._heard_first: float | None = None
        self._heard_last = 0.0
        self._news = asyncio.Event()

    @property
    def request(self) -> JobRequested:
        return self.delivery.entry.event

    @property
    def meta(self) -> Metadata:
        return self.delivery.entry.meta

    @property
    def position(self) -> Position:
        return self.delivery.entry.position

    @property
    def id(self) -> JobId:
        return self.request.job_id

    @property
    def attempt(self) -> int:
        """The attempt under way, or to be made next; counts from 1."""
        return len(self.failed) + 1

    @property
    def tried(self) -> list[int]:
        """The memory of the server of each attempt that failed, in bytes."""
        return [attempt.memory_total for attempt in self.failed]

    @property
    def prompt_id(self) -> str:
        return prompt_id(self.id, self.attempt)

    @property
    def is_cancelled(self) -> bool:
        """Whether a cancellation is known and counts for the phase the job is in."""
        return any(takes_effect(found.event.reason, found.position, self.submitted_at) for found in self.cancellations)

    @property
    def shown(self) -> JobAtNode:
        """As it is announced."""
        return JobAtNode(
            job_id=self.id,
            run_id=self.request.run_id,
            step_order=self.request.step_order,
            attempt=self.attempt,
            phase=self.phase,
        )

    @property
    def seconds_heard(self) -> float:
        """From the start of the execution to its end, or as long as the socket held, by our own clock: what is known of
        the cost of a rendering that its server forgot."""
        return 0.0 if self._heard_first is None else self._heard_last - self._heard_first

    def hear(self, *, began: bool = False) -> None:
        """A frame about the job's execution came in, or no more will."""
        if self.end_hinted:
            return
        self._heard_last = time.monotonic()
        if began:
            self._heard_first = self._heard_last

    def forget_heard(self) -> None:
        """It was posted anew, or for the first time."""
        self._heard_first, self.end_hinted = None, False

    def wake(self) -> None:
        """Something happened that is worth a look."""
        self._news.set()

    async def news(self, seconds: float) -> bool:
        """Wait until woken, for `seconds` at the most; whether it was woken."""
        woken = await is_set_within(self._news, seconds)
        self._news.clear()
        return woken
