"""One job from its delivery to its end in the log: recall, stage, post, follow, register, settle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

import structlog

from carnival.contracts.catalogue import GATEWAY
from carnival.contracts.ids import JobId, derived_id
from carnival.contracts.job import FailureCode, ImageProduced, JobFailed
from carnival.contracts.notices import JobPhase
from carnival.log.errors import LogError
from carnival.log.metadata import fresh_metadata
from carnival.log.port import EventLog
from carnival.telemetry.tracing import span
from comfy_gateway.application.failing import Failing, LeftElsewhere, MovedOn, ParentNotGiven, Withdrawn
from comfy_gateway.application.leave_elsewhere import LeaveElsewhere
from comfy_gateway.application.look_up_prompt import find_at_nodes
from comfy_gateway.application.ports import ComfyUnreachable, JobsUnavailable
from comfy_gateway.application.recall_job import Past, recall
from comfy_gateway.application.register_image import RegisterImage
from comfy_gateway.application.remembering import Remembered
from comfy_gateway.application.render_job import RenderJob
from comfy_gateway.application.stage_job import Staged, StageJob
from comfy_gateway.application.track_job import JobInHand
from comfy_gateway.application.track_node import Node
from comfy_gateway.domain.failure import Failure, of_attempt, of_infrastructure
from comfy_gateway.domain.memory import is_worth_a_try

GIVE_BACK_DELAY_SECONDS: Final = 0.5
LEFT_ELSEWHERE_DELAY_SECONDS: Final = 2.0
SECOND_LOOK_DELAY_SECONDS: Final = 2.0
SECOND_LOOKS_MAX: Final = 1000

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class EndedBefore:
    """The log holds the job's end already, or its cancellation."""


@dataclass(frozen=True, slots=True)
class GivenBack:
    """No server of ours has the job: another delivery will try again."""

    delay_seconds: float = GIVE_BACK_DELAY_SECONDS


Outcome: TypeAlias = ImageProduced | Failure | EndedBefore | GivenBack


@dataclass(frozen=True, slots=True)
class CarryOutJob:
    """`nodes` are all nodes of this gateway: a job delivered again may be known to another one than the chosen one.

    `stagings_max` is how often a job is given back because it could not be staged at a node that seemed well.
    """

    log: EventLog
    gateway: str
    nodes: Sequence[Node]
    stage: StageJob
    render: RenderJob
    register: RegisterImage
    left_elsewhere: LeaveElsewhere
    stagings_max: int
    second_looks: Remembered[JobId, bool] = field(default_factory=lambda: Remembered[JobId, bool](SECOND_LOOKS_MAX))

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
            return self._failure(job, seat.node, failing.failure)
        except LeftElsewhere:
            return GivenBack(LEFT_ELSEWHERE_DELAY_SECONDS)
        except MovedOn:
            return GivenBack()
        except Withdrawn:
            return EndedBefore() if job.is_cancelled else GivenBack()
        except ComfyUnreachable as error:
            if seat.node.condition.ready and job.delivery.deliveries > self.stagings_max:
                return of_infrastructure(FailureCode.UNREACHABLE, f"The job could not be staged: {error}")
            return GivenBack()
        except ParentNotGiven as error:
            if job.delivery.deliveries > self.stagings_max:
                return of_infrastructure(FailureCode.PARENT_UNAVAILABLE, str(error))
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
        job.failed, job.submitted_at = list(past.failed), past.submitted_at
        job.cancellations.extend(past.cancelled)
        known = job.delivery.deliveries > 1 or past.submitted_at is not None
        found = await find_at_nodes(self.nodes, job.prompt_id) if known else None
        if found is None and job.is_cancelled:
            return EndedBefore()
        if found is None and self._may_still_render(job, past):
            raise LeftElsewhere
        if found is None and not is_worth_a_try(seat.node.machine.memory, job.tried):
            # Its seconds stand in the log with it.
            raise Failing(replace(of_attempt(job.failed[-1]), gpu_seconds=0.0))
        if found is not None:
            seat.move_to(found, job)
        elif past.submitted is not None and (own := self._own(past.submitted.event.node)) and own.condition.ready:
            seat.move_to(own, job)
        try:
            staged = await self._staged(job, seat)
            end = await self.render(job, seat.node, staged, at_server=found is not None, seen_before=known)
        except Withdrawn:
            if job.is_cancelled or seat.is_chosen or not seat.node.facts.barred:
                raise
            # The server that had the job left no picture of it and gets no more: the chosen one takes it over.
            seat.move_back(job)
            staged = await self._staged(job, seat)
            end = await self.render(job, seat.node, staged, at_server=False, seen_before=False)
        if end is None:
            return EndedBefore()
        job.phase = JobPhase.REGISTERING
        seat.node.ended(job)
        return await self.register(job, seat.node.server, staged, end)

    async def _staged(self, job: JobInHand, seat: _Seat) -> Staged:
        with span("stage job", node=seat.node.name):
            return await self.stage(job, seat.node.server)

    def _failure(self, job: JobInHand, node: Node, failure: Failure) -> Failure | EndedBefore | GivenBack:
        """What a server refuses though it was believed to have it, others may have: once a job they get their chance,
        and the server is asked anew what it can do."""
        if job.is_cancelled:
            return EndedBefore()
        if failure.others_may_differ and not node.lacks(job.workflow) and not self.second_looks.get(job.id):
            self.second_looks.put(job.id, True)
            node.doubted.set()
            return GivenBack(SECOND_LOOK_DELAY_SECONDS)
        return failure

    def _may_still_render(self, job: JobInHand, past: Past) -> bool:
        """A server that cannot be asked got the job: one of ours that is silent, or one of another gateway."""
        if past.submitted is None:
            return False
        own = self._own(past.submitted.event.node)
        return (own is None or not own.condition.ready) and self.left_elsewhere(job.id)

    def _own(self, name: str) -> Node | None:
        return next((node for node in self.nodes if node.name == name), None)

    async def _settle(self, job: JobInHand, node: Node, outcome: Outcome) -> None:
        match outcome:
            case GivenBack(delay_seconds):
                await job.delivery.give_back(delay_seconds)
            case EndedBefore():
                await job.delivery.done()
            case ImageProduced() | Failure():
                event = outcome if isinstance(outcome, ImageProduced) else self._failed(job, node, outcome)
                self._remember(job, node, outcome)
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

    def _remember(self, job: JobInHand, node: Node, outcome: ImageProduced | Failure) -> None:
        """What the server's state is made of."""
        if isinstance(outcome, Failure):
            node.record.job_failed(job.id, outcome, known_trouble=not node.condition.ready)
        else:
            node.record.job_done()

    def _failed(self, job: JobInHand, node: Node, failure: Failure) -> JobFailed:
        return JobFailed(
            run_id=job.request.run_id,
            job_id=job.id,
            pool=job.request.pool,
            gateway=self.gateway,
            node=node.name,
            attempt=job.attempt if job.phase in (JobPhase.POSTED, JobPhase.REGISTERING) else len(job.failed),
            failure_class=failure.failure_class,
            code=failure.code,
            message=failure.message,
            gpu_seconds=failure.gpu_seconds,
        )


class _Seat:
    """At which node the job sits."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self._chosen = node

    @property
    def is_chosen(self) -> bool:
        return self.node is self._chosen

    def move_back(self, job: JobInHand) -> None:
        """To the node that was chosen for it."""
        self.move_to(self._chosen, job)

    def move_to(self, node: Node, job: JobInHand) -> None:
        if node is not self.node:
            self.node.let_go(job)
            self.node = node
            node.take_in(job)
