"""Jobs come in one by one, as places become free; each is carried out by a task of its own (WRK-2, WRK-3)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Final

import structlog
from opentelemetry.trace import SpanKind
from structlog.contextvars import bound_contextvars

from carnival.concurrency import end_tasks, is_set_within
from carnival.contracts.ids import JobId
from carnival.contracts.notices import JobPhase
from carnival.log.errors import LogError
from carnival.telemetry.tracing import span
from comfy_gateway.application.carry_out_job import CarryOutJob
from comfy_gateway.application.choose_node import ChooseNode, NotHere
from comfy_gateway.application.ports import Delivery, JobSource, JobsUnavailable
from comfy_gateway.application.track_job import JobInHand
from comfy_gateway.application.track_node import Node
from comfy_gateway.domain.node import next_node

FETCH_SECONDS: Final = 5.0
FULL_PAUSE_SECONDS: Final = 1.0
UNAVAILABLE_PAUSE_SECONDS: Final = 1.0
KEEP_SECONDS: Final = 3.0
RECOVERY_SECONDS: Final = 60.0
"""Long enough for jobs of a process that died to be delivered again, also by way of other gateways."""

_log = structlog.get_logger(__name__)


class PullJobs:
    """Owns the tasks of all jobs in hand.

    A gateway that takes no jobs looks through them all the same for a while after its start: its servers may still have
    some that an earlier life of it posted.
    """

    def __init__(
        self,
        source: JobSource,
        nodes: Sequence[Node],
        choose: ChooseNode,
        carry_out: CarryOutJob,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self._nodes = nodes
        self._choose = choose
        self._carry_out = carry_out
        self._in_hand: dict[JobId, tuple[JobInHand, asyncio.Task[None]]] = {}
        self._changed = asyncio.Event()
        self._stopped = False
        self._clock = clock
        self._recovers_until = clock() + RECOVERY_SECONDS

    def changed(self) -> None:
        """A place may have become free."""
        self._changed.set()

    async def run(self) -> None:
        """Until `stop`."""
        while not self._stopped:
            self._changed.clear()
            if not self._takes_jobs and not self._recovers:
                await is_set_within(self._changed, FULL_PAUSE_SECONDS)
                continue
            try:
                delivery = await self._source.next(FETCH_SECONDS)
            except JobsUnavailable as error:
                _log.warning("Jobs cannot be fetched", action="fetch_failed", error=str(error))
                await asyncio.sleep(UNAVAILABLE_PAUSE_SECONDS)
                continue
            if delivery is not None:
                await (self._give_back(delivery, 0.0) if self._stopped else self._accept_or_give_back(delivery))

    def stop(self) -> None:
        """No more jobs come in."""
        self._stopped = True

    async def keep_all(self) -> None:
        """For ever: tell the consumer that the jobs in hand are being worked on."""
        while True:
            await asyncio.sleep(KEEP_SECONDS)
            for job, _ in list(self._in_hand.values()):
                try:
                    await job.delivery.keep()
                except JobsUnavailable as error:
                    _log.warning("A job could not be kept", action="keep_failed", job_id=job.id, error=str(error))

    async def finish(self, seconds: float) -> None:
        """Let the posted jobs finish, for `seconds` at the most. What is left is found again after a restart."""
        tasks = [task for _, task in self._in_hand.values()]
        if not tasks:
            return
        _, left = await asyncio.wait(tasks, timeout=seconds)
        await end_tasks(left)

    @property
    def posted(self) -> int:
        return sum(job.phase in (JobPhase.POSTED, JobPhase.REGISTERING) for job, _ in self._in_hand.values())

    @property
    def _takes_jobs(self) -> bool:
        return next_node([node.load for node in self._nodes]) is not None

    @property
    def _recovers(self) -> bool:
        """Whether all that keeps jobs away is a drain or a quarantine, and an earlier life may have left some."""
        barred = any(node.facts.barred for node in self._nodes) and not any(node.load.ready for node in self._nodes)
        return barred and self._clock() < self._recovers_until

    async def _accept_or_give_back(self, delivery: Delivery) -> None:
        """A job that was being placed when the gateway was told to end need not wait for its next delivery."""
        try:
            await self._accept(delivery)
        except asyncio.CancelledError:
            if delivery.entry.event.job_id not in self._in_hand:
                await self._give_back(delivery, 0.0)
            raise

    async def _accept(self, delivery: Delivery) -> None:
        job_id = delivery.entry.event.job_id
        if job_id in self._in_hand:
            # It was delivered again because nobody could be told that it is being worked on.
            self._in_hand[job_id][0].delivery = delivery
            return
        node = await (self._choose(delivery) if self._takes_jobs else self._choose.left_behind(delivery))
        if isinstance(node, NotHere):
            await self._give_back(delivery, node.delay_seconds)
            return
        job = JobInHand(delivery)
        task = asyncio.create_task(self._carry(job, node), name=f"job {job_id}")
        self._in_hand[job_id] = (job, task)
        # The task takes its place when it first runs; until then the place would look free.
        await asyncio.sleep(0)

    async def _give_back(self, delivery: Delivery, delay_seconds: float) -> None:
        try:
            await delivery.give_back(delay_seconds)
        except JobsUnavailable as error:
            _log.warning("A job could not be given back", action="give_back_failed", error=str(error))

    async def _carry(self, job: JobInHand, node: Node) -> None:
        """The one boundary around a job: whatever happens to it, the loop and the other jobs go on."""
        try:
            correlation, run_id, job_id = job.meta.correlation_id, job.request.run_id, job.id
            with bound_contextvars(correlation_id=correlation, run_id=run_id, job_id=job_id):
                trace, kind = job.meta.traceparent, SpanKind.CONSUMER
                with span("carry out job", traceparent=trace, kind=kind, run_id=run_id, job_id=job_id):
                    await self._carry_out(job, node)
        except (LogError, JobsUnavailable) as error:
            _log.warning("A job is left to its next delivery", action="job_left", job_id=job.id, error=str(error))
        except Exception:
            _log.exception("A job was left behind", action="job_left", job_id=job.id)
        finally:
            self._in_hand.pop(job.id, None)
            self._changed.set()
