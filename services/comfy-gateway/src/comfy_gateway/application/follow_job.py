"""A submitted job until its end: WebSocket hints say when to look, history and queue say what is true."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from carnival.contracts.job import FailureCode
from comfy_gateway.application.failing import Failing
from comfy_gateway.application.look_up_prompt import look_up
from comfy_gateway.application.ports import ComfyError
from comfy_gateway.application.track_job import JobInHand
from comfy_gateway.application.track_node import Node
from comfy_gateway.domain.failure import of_infrastructure
from comfy_gateway.domain.patience import Judgement, Patience, Watch
from comfy_gateway.domain.retry import look_again_pauses
from comfy_gateway.domain.verdict import Broken, End, Finished, Interrupted, Unknown, Verdict

AFTER_HINT_SECONDS: Final = 0.005
"""The next submission goes first: the server answers one request after the other."""
STOPPING_PAUSE_SECONDS: Final = 0.2
SILENT_PAUSE_SECONDS: Final = 1.0
SETTLE_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Gone:
    """In neither queue nor history: taken out after a cancellation, or lost (CMF-3)."""


class FollowJob:
    """Raises Failing when patience runs out."""

    def __init__(self, patience: Patience, poll_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.patience = patience
        self._poll_seconds = poll_seconds
        self._clock = clock

    async def __call__(self, job: JobInHand, node: Node) -> End | Gone:
        watch, pauses = Watch(self._clock()), look_again_pauses()
        while True:
            await job.news(self._pause(job, node, watch, pauses))
            if job.end_hinted:
                await asyncio.sleep(AFTER_HINT_SECONDS)
            if job.is_cancelled:
                await _ask_to_stop(job, node)
            verdict = await _look(job, node)
            now = self._clock()
            if isinstance(verdict, Finished | Broken | Interrupted):
                return verdict
            watch = watch.heard_nothing(now) if verdict is None else watch.saw(verdict, now)
            if job.is_cancelled and isinstance(verdict, Unknown):
                return Gone()
            match watch.judged(self.patience, now):
                case Judgement.WAIT:
                    continue
                case Judgement.LOST:
                    return Gone()
                case Judgement.OVERDUE:
                    return await self._overdue(job, node)
                case Judgement.UNREACHABLE:
                    words = f"The node has not answered for {self.patience.unreachable_grace:.0f} s"
                    raise Failing(of_infrastructure(FailureCode.UNREACHABLE, words, job.seconds_heard))

    def _pause(self, job: JobInHand, node: Node, watch: Watch, pauses: Iterator[float]) -> float:
        """The first look after an end hint comes at once; history follows it within a second."""
        if job.is_cancelled:
            return min(STOPPING_PAUSE_SECONDS, self._poll_seconds)
        if job.end_hinted and watch.silent_since is None:
            return min(next(pauses, self._poll_seconds), self._poll_seconds)
        if watch.silent_since is not None or watch.unknown_since is not None or not node.condition.ready:
            return min(SILENT_PAUSE_SECONDS, self._poll_seconds)
        return self._poll_seconds

    async def _overdue(self, job: JobInHand, node: Node) -> End:
        """Stop the job at the node; an image that arrives all the same is welcome (JOB-10)."""
        until, seconds = self._clock() + SETTLE_SECONDS, job.seconds_heard
        while self._clock() < until:
            await _ask_to_stop(job, node)
            verdict = await _look(job, node)
            if isinstance(verdict, Finished):
                return verdict
            if isinstance(verdict, Broken | Interrupted):
                seconds = verdict.gpu_seconds
            if isinstance(verdict, Broken | Interrupted | Unknown):
                break
            await job.news(min(STOPPING_PAUSE_SECONDS, self._poll_seconds))
        words = f"The job took longer than {self.patience.deadline:.0f} s"
        raise Failing(of_infrastructure(FailureCode.NODE_TIMEOUT, words, seconds))


async def _look(job: JobInHand, node: Node) -> Verdict | None:
    """What the server says now; None if it does not answer. The next look is the retry."""
    try:
        return await look_up(node.server, job.prompt_id)
    except ComfyError:
        return None


async def _ask_to_stop(job: JobInHand, node: Node) -> None:
    """Asked again before every look, as a job may slip from the queue into execution between the two halves."""
    try:
        await node.server.stop(job.prompt_id)
    except ComfyError:
        return
