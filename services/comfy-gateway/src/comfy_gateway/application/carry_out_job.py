"""One job from its delivery to its end in the log: recall, stage, post, follow, register, settle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

import structlog

from carnival.contracts.catalogue import GATEWAY
from carnival.contracts.ids import derived_id
from carnival.contracts.job import FailureCode, ImageProduced, JobFailed
from carnival.log.errors import LogError
from carnival.log.metadata import fresh_metadata
from carnival.log.port import EventLog
from comfy_gateway.application.failing import Failing, Withdrawn
from comfy_gateway.application.follow_job import FollowJob, Gone
from comfy_gateway.application.look_up_prompt import find_at_nodes
from comfy_gateway.application.ports import ComfyError, ComfyUnreachable, JobsUnavailable
from comfy_gateway.application.recall_job import Past, recall
from comfy_gateway.application.register_image import RegisterImage
from comfy_gateway.application.retry_calls import Retrying
from comfy_gateway.application.stage_job import Staged, StageJob
from comfy_gateway.application.submit_job import SubmitJob
from comfy_gateway.application.track_job import JobInHand, Phase
from comfy_gateway.application.track_node import Node
from comfy_gateway.domain.failure import Failure, of_execution, of_infrastructure
from comfy_gateway.domain.retry import MEMORY_ATTEMPTS_MAX, deserves_new_attempt
from comfy_gateway.domain.verdict import Broken, Finished, Interrupted

GIVE_BACK_DELAY_SECONDS = 0.5

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class EndedBefore:
    """The log holds the job's end already, or its cancellation."""


@dataclass(frozen=True, slots=True)
class GivenBack:
    """No server has the job: another delivery will try again."""


Outcome: TypeAlias = ImageProduced | Failure | EndedBefore | GivenBack


@dataclass(frozen=True, slots=True)
class CarryOutJob:
    """`nodes` are all nodes of this gateway: a job delivered again may be known to another one than the chosen one."""

    log: EventLog
    gateway: str
    nodes: Sequence[Node]
    stage: StageJob
    submit: SubmitJob
    follow: FollowJob
    register: RegisterImage
    retrying: Retrying

    async def __call__(self, job: JobInHand, node: Node) -> None:
        """Ends the job or gives it back. After a LogError or JobsUnavailable it is delivered again by itself."""
        seat = _Seat(node)
        node.take_in(job)
        try:
            outcome = await self._outcome(job, seat)
            await self._settle(job, seat.node, outcome)
        finally:
            seat.node.let_go(job)

    async def _outcome(self, job: JobInHand, seat: _Seat) -> Outcome:
        try:
            return await self._produced(job, seat)
        except Failing as failing:
            return EndedBefore() if job.is_cancelled else failing.failure
        except Withdrawn:
            return EndedBefore() if job.is_cancelled else GivenBack()
        except ComfyUnreachable as error:
            if seat.node.condition.ready and job.delivery.deliveries > 1 + self.retrying.retries_max:
                return of_infrastructure(FailureCode.UNREACHABLE, f"The job could not be staged: {error}")
            return GivenBack()
        except (LogError, JobsUnavailable):
            raise
        except Exception as error:
            _log.exception("A job failed unexpectedly", action="job_crashed", job_id=job.id)
            return of_infrastructure(FailureCode.INTERNAL, f"The gateway failed: {type(error).__name__}")

    async def _produced(self, job: JobInHand, seat: _Seat) -> Outcome:
        past = await recall(self.log, job.request, job.position)
        if past.ended:
            return EndedBefore()
        if past.submitted is not None:
            job.attempt, job.submitted_at = past.submitted.event.attempt, past.submitted.position
        job.cancellations.extend(past.cancelled)
        known = job.delivery.deliveries > 1 or past.submitted is not None
        found = await find_at_nodes(self.nodes, job.id, MEMORY_ATTEMPTS_MAX) if known else None
        if found is None and job.is_cancelled:
            return EndedBefore()
        if found is None and self._may_still_render(past):
            raise Withdrawn
        if found is not None:
            seat.move_to(found[0], job)
            job.attempt = found[1]
        staged = await self.stage(job, seat.node.server)
        end = await self._rendered(job, seat.node, staged, at_server=found is not None)
        if end is None:
            return EndedBefore()
        job.phase = Phase.REGISTERING
        seat.node.ended(job)
        return await self.register(job, seat.node.server, staged, end)

    def _may_still_render(self, past: Past) -> bool:
        """A node of ours got the job and does not answer just now: it is waited for, as long as a job there would be."""
        if past.submitted is None:
            return False
        silent = {node.name for node in self.nodes if not node.condition.ready}
        age = datetime.now(UTC) - past.submitted.meta.time
        return past.submitted.event.node in silent and age.total_seconds() < self.follow.patience.unreachable_grace

    async def _rendered(self, job: JobInHand, node: Node, staged: Staged, *, at_server: bool) -> Finished | None:
        """The good end of the job at the server; None if it was cancelled there. Raises Failing, Withdrawn."""
        lost = 0
        while True:
            await (self._join(job, node) if at_server else self._post(job, node, staged))
            at_server = False
            match await self.follow(job, node):
                case Finished() as end:
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
                    if lost > self.retrying.retries_max:
                        raise Failing(of_infrastructure(FailureCode.LOST, "The node lost the job, again and again"))
                    _log.warning("A node lost a job, posting it again", action="job_lost", job_id=job.id, times=lost)

    async def _post(self, job: JobInHand, node: Node, staged: Staged) -> None:
        body = staged.body(job, self.gateway, node.name)
        again = job.phase is Phase.POSTED
        if not again:
            job.phase = Phase.STAGED
            await _warm(node)
            if job.is_cancelled or not node.condition.ready:
                raise Withdrawn
        if not await node.turns.take(job.id, first=again) or job.is_cancelled:
            raise Withdrawn
        await self.submit(job, node, body)

    async def _join(self, job: JobInHand, node: Node) -> None:
        """A server already has the job: follow it there instead of rendering it twice (JOB-9)."""
        _log.info("A job was found again at its node", action="job_found", job_id=job.id, node=node.name)
        job.phase = Phase.POSTED
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

    async def _settle(self, job: JobInHand, node: Node, outcome: Outcome) -> None:
        match outcome:
            case GivenBack():
                await job.delivery.give_back(GIVE_BACK_DELAY_SECONDS)
            case EndedBefore():
                await job.delivery.done()
            case ImageProduced() | Failure():
                event = outcome if isinstance(outcome, ImageProduced) else self._failed(job, node, outcome)
                identity = derived_id(event.wire_name, job.id)
                await self.log.append(event, fresh_metadata(source=GATEWAY, event_id=identity, cause=job.meta))
                await job.delivery.done()
        _log.info(
            "A job is settled",
            action="job_settled",
            job_id=job.id,
            run_id=job.request.run_id,
            node=node.name,
            attempt=job.attempt,
            outcome=outcome.code if isinstance(outcome, Failure) else type(outcome).__name__,
        )

    def _failed(self, job: JobInHand, node: Node, failure: Failure) -> JobFailed:
        return JobFailed(
            run_id=job.request.run_id,
            job_id=job.id,
            pool=job.request.pool,
            gateway=self.gateway,
            node=node.name,
            attempt=job.attempt if job.phase in (Phase.POSTED, Phase.REGISTERING) else 0,
            failure_class=failure.failure_class,
            code=failure.code,
            message=failure.message,
            gpu_seconds=failure.gpu_seconds,
        )


async def _warm(node: Node) -> None:
    """What is wrong with the line shows again, and counts, when the job is posted."""
    try:
        await node.server.warm()
    except ComfyError as error:
        _log.debug("The line to a node is cold", action="warm_failed", node=node.name, error=str(error))


class _Seat:
    """At which node the job sits."""

    def __init__(self, node: Node) -> None:
        self.node = node

    def move_to(self, node: Node, job: JobInHand) -> None:
        if node is not self.node:
            self.node.let_go(job)
            self.node = node
            node.take_in(job)
