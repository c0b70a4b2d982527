"""A staged job through its turn at the server, as often as it takes."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from carnival.contracts.job import FailureCode
from carnival.contracts.notices import JobPhase
from comfy_gateway.application.failing import Failing, Withdrawn
from comfy_gateway.application.follow_job import FollowJob, Gone
from comfy_gateway.application.ports import ComfyError
from comfy_gateway.application.salvage_image import SalvageImage
from comfy_gateway.application.stage_job import Staged
from comfy_gateway.application.submit_job import SubmitJob
from comfy_gateway.application.track_job import JobInHand
from comfy_gateway.application.track_node import Node
from comfy_gateway.domain.failure import Failure, of_execution, of_infrastructure
from comfy_gateway.domain.retry import deserves_new_attempt
from comfy_gateway.domain.verdict import Broken, Finished, Interrupted

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RenderJob:
    """`lost_max` is how often a job may be posted again after its server forgot it."""

    submit: SubmitJob
    follow: FollowJob
    salvage: SalvageImage
    gateway: str
    lost_max: int

    async def __call__(
        self, job: JobInHand, node: Node, staged: Staged, *, at_server: bool, seen_before: bool
    ) -> Finished | None:
        """The good end of the job; None if it was cancelled at the server. Raises Failing, Withdrawn, LogError.

        `at_server`: the node has the job just now. `seen_before`: an earlier life of it may have been rendered there.
        """
        lost = 0
        while True:
            if not at_server and (seen_before or lost):
                forgotten = await self.salvage(job, node.server, staged)
                if forgotten is not None:
                    await self._recorded(job, node)
                    return forgotten
            await (self._join(job, node) if at_server else self._post(job, node, staged))
            at_server = False
            match await self.follow(job, node):
                case Finished() as end:
                    await self._recorded(job, node)
                    return end
                case _ if job.is_cancelled:
                    return None
                case Broken() as broken:
                    await self._prepare_new_attempt(job, node, of_execution(broken))
                case Interrupted(gpu_seconds):
                    words = "The job was interrupted at the node"
                    raise Failing(of_infrastructure(FailureCode.INTERRUPTED, words, gpu_seconds))
                case Gone():
                    lost += 1
                    if lost > self.lost_max:
                        raise Failing(of_infrastructure(FailureCode.LOST, "The node lost the job, again and again"))
                    _log.warning("A node lost a job, posting it again", action="job_lost", job_id=job.id, times=lost)

    async def _post(self, job: JobInHand, node: Node, staged: Staged) -> None:
        body = staged.body(job, self.gateway, node.name)
        again = job.phase is JobPhase.POSTED
        if not again:
            job.phase = JobPhase.STAGED
            await _warm(node)
        if job.is_cancelled or node.facts.barred or not (again or node.condition.ready):
            raise Withdrawn
        if not await node.turns.take(job.id, first=again) or job.is_cancelled or not job.delivery.is_ours:
            raise Withdrawn
        await self.submit(job, node, body)

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
        """A new attempt runs under a new id. Raises Failing if the failure deserves none."""
        if not deserves_new_attempt(failure, job.attempt):
            raise Failing(failure)
        _log.warning("A node ran out of memory, trying once more", action="job_retried", job_id=job.id)
        node.ended(job)
        job.attempt += 1
        try:
            await node.server.free_memory()
        except ComfyError as error:
            raise Failing(failure) from error


async def _warm(node: Node) -> None:
    """What is wrong with the line shows again, and counts, when the job is posted."""
    try:
        await node.server.warm()
    except ComfyError as error:
        _log.debug("The line to a node is cold", action="warm_failed", node=node.name, error=str(error))
