"""A staged job through its turn at the server, as often as it takes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Final

import structlog
from opentelemetry.trace import SpanKind

from carnival.contracts.catalogue import GATEWAY
from carnival.contracts.ids import derived_id
from carnival.contracts.job import AttemptFailed, FailureClass, FailureCode
from carnival.contracts.notices import JobPhase
from carnival.log.metadata import fresh_metadata
from carnival.log.port import EventLog
from carnival.telemetry.tracing import span
from comfy_gateway.application.failing import Failing, MovedOn, Withdrawn
from comfy_gateway.application.follow_job import FollowJob, Gone
from comfy_gateway.application.look_around import LookAround
from comfy_gateway.application.ports import ComfyError
from comfy_gateway.application.salvage_image import SalvageImage
from comfy_gateway.application.stage_job import Staged
from comfy_gateway.application.submit_job import SubmitJob
from comfy_gateway.application.track_job import JobInHand
from comfy_gateway.application.track_node import Node
from comfy_gateway.domain.failure import Failure, of_attempt, of_execution, of_infrastructure
from comfy_gateway.domain.memory import AgainHere, Enough, MoveOn, after_running_out
from comfy_gateway.domain.verdict import Broken, End, Finished, Interrupted

FREEING_SECONDS: Final = 1.0
"""The server's worker frees memory when it next wakes, and nothing tells when: a job posted at once may overtake it."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RenderJob:
    """`lost_max` is how often a job may be posted again after its server forgot it."""

    log: EventLog
    submit: SubmitJob
    follow: FollowJob
    salvage: SalvageImage
    look_around: LookAround
    gateway: str
    lost_max: int

    async def __call__(
        self, job: JobInHand, node: Node, staged: Staged, *, at_server: bool, seen_before: bool
    ) -> Finished | None:
        """The good end of the job, with the GPU seconds of renderings that its server lost; None if it was cancelled at
        the server. Raises Failing, MovedOn, Withdrawn, LogError.

        `at_server`: the node has the job just now. `seen_before`: an earlier life of it may have been rendered there.
        """
        lost, seconds_lost = 0, 0.0
        while True:
            if not at_server and (seen_before or lost) and (end := await self.salvage(job, node.server, staged)):
                await self._recorded(job, node)
                return _with_seconds(end, seconds_lost)
            seconds_lost += job.seconds_heard
            await (self._join(job, node) if at_server else self._post(job, node, staged))
            at_server = False
            match await self._executed(job, node):
                case Finished() as end:
                    await self._recorded(job, node)
                    return _with_seconds(end, seconds_lost)
                case _ if job.is_cancelled:
                    return None
                case Broken() as broken:
                    await self._recorded(job, node)
                    await self._prepare_new_attempt(job, node, of_execution(broken))
                case Interrupted(gpu_seconds):
                    words = "The job was interrupted at the node"
                    raise Failing(of_infrastructure(FailureCode.INTERRUPTED, words, gpu_seconds))
                case Gone():
                    lost += 1
                    if lost > self.lost_max:
                        words = "The node lost the job, again and again"
                        raise Failing(of_infrastructure(FailureCode.LOST, words, seconds_lost + job.seconds_heard))
                    _log.warning("A node lost a job, posting it again", action="job_lost", job_id=job.id, times=lost)

    async def _post(self, job: JobInHand, node: Node, staged: Staged) -> None:
        body = staged.body(job, self.gateway, node.name)
        again = job.phase is JobPhase.POSTED
        if not again:
            job.phase = JobPhase.STAGED
            await _warm(node)
        if job.is_cancelled or node.facts.barred or not (again or node.condition.ready):
            raise Withdrawn
        if not await node.turns.take(job.id, first=again):
            raise Withdrawn
        if job.failed:
            await _freed(node)
        if job.is_cancelled or not job.delivery.is_ours:
            raise Withdrawn
        with span("submit job", kind=SpanKind.CLIENT, node=node.name, prompt_id=job.prompt_id):
            await self.submit(job, node, body)

    async def _executed(self, job: JobInHand, node: Node) -> End | Gone:
        """Until its end is seen, its wait in the server's queue included."""
        with span("execute job", kind=SpanKind.CLIENT, node=node.name, prompt_id=job.prompt_id) as running:
            end = await self.follow(job, node)
            running.set_attribute("end", type(end).__name__.lower())
            return end

    async def _recorded(self, job: JobInHand, node: Node) -> None:
        """A submission that was in doubt turned out to have arrived."""
        if job.submitted_at is None:
            await self.submit.record(job, node)

    async def _join(self, job: JobInHand, node: Node) -> None:
        """A server already has the job: follow it there instead of rendering it twice (JOB-9)."""
        _log.info("A job was found again at its node", action="job_found", job_id=job.id, node=node.name)
        job.phase = JobPhase.POSTED
        node.turns.seize(job.id)
        node.posted(job)
        await self.submit.record(job, node)
        job.wake()

    async def _prepare_new_attempt(self, job: JobInHand, node: Node, failure: Failure) -> None:
        """A new attempt runs under a new id. Raises Failing if the failure deserves none, MovedOn if it is not ours."""
        if failure.failure_class is not FailureClass.MEMORY:
            raise Failing(failure)
        failed = self._attempt_failed(job, node, failure)
        tried = [*job.tried, failed.memory_total]
        decision = after_running_out(tried, await self.look_around.memories(job.workflow))
        if isinstance(decision, Enough):
            raise Failing(of_attempt(failed, tried))
        node.ended(job)
        identity = derived_id(AttemptFailed.wire_name, job.id, failed.attempt)
        await self.log.append(failed, fresh_metadata(source=GATEWAY, event_id=identity, cause=job.meta))
        job.failed.append(failed)
        job.forget_heard()
        _log.warning("A node ran out of memory, trying once more", action="job_retried", job_id=job.id, node=node.name)
        match decision:
            case AgainHere():
                return
            case MoveOn():
                raise MovedOn

    def _attempt_failed(self, job: JobInHand, node: Node, failure: Failure) -> AttemptFailed:
        return AttemptFailed(
            run_id=job.request.run_id,
            job_id=job.id,
            pool=job.request.pool,
            gateway=self.gateway,
            node=node.name,
            attempt=job.attempt,
            failure_class=failure.failure_class,
            code=failure.code,
            message=failure.message,
            gpu_seconds=failure.gpu_seconds,
            memory_total=node.machine.memory,
        )


def _with_seconds(end: Finished, more: float) -> Finished:
    return replace(end, gpu_seconds=end.gpu_seconds + more)


async def _freed(node: Node) -> None:
    """Other workflows may have filled the memory. A server that does not answer shows it when the job is posted."""
    try:
        await node.server.free_memory()
        await asyncio.sleep(FREEING_SECONDS)
    except ComfyError as error:
        _log.warning("A node was not asked to free memory", action="free_failed", node=node.name, error=str(error))


async def _warm(node: Node) -> None:
    """What is wrong with the line shows again, and counts, when the job is posted."""
    try:
        await node.server.warm()
    except ComfyError as error:
        _log.debug("The line to a node is cold", action="warm_failed", node=node.name, error=str(error))
