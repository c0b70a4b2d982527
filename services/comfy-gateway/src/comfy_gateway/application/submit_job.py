"""Posting a staged job the moment its turn comes (CMF-1, CMF-5, JOB-1, JOB-2)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog

from carnival.contracts.catalogue import GATEWAY
from carnival.contracts.ids import derived_id
from carnival.contracts.job import FailureCode, JobSubmitted
from carnival.contracts.notices import JobPhase
from carnival.log.metadata import fresh_metadata
from carnival.log.port import EventLog
from comfy_gateway.application.failing import Failing
from comfy_gateway.application.look_up_prompt import look_up
from comfy_gateway.application.ports import (
    ComfyBusy,
    ComfyError,
    ComfyNotReached,
    ComfyRefused,
    ComfyServer,
    ComfyUnreachable,
)
from comfy_gateway.application.retry_calls import Retrying
from comfy_gateway.application.track_job import JobInHand
from comfy_gateway.application.track_node import Node
from comfy_gateway.domain.failure import of_infrastructure, of_node_errors, of_refusal
from comfy_gateway.domain.loose_json import Json
from comfy_gateway.domain.retry import NEVER_ARRIVED_STATUSES, Again, after_failed_call
from comfy_gateway.domain.verdict import Unknown

_log = structlog.get_logger(__name__)


class SubmitJob:
    """Raises Failing, LogError."""

    def __init__(self, log: EventLog, gateway: str, retrying: Retrying) -> None:
        self._log = log
        self._gateway = gateway
        self._retrying = retrying

    async def __call__(self, job: JobInHand, node: Node, body: bytes) -> None:
        """Post the job and record it as submitted. Whether it arrived may stay open: then it is not recorded yet."""
        job.phase = JobPhase.POSTED
        node.posted(job)
        try:
            node_errors = await self._posted(job, node, body)
        except ComfyRefused as error:
            raise Failing(of_refusal(error.status, error.body)) from error
        except (ComfyUnreachable, ComfyBusy) as error:
            words = f"The workflow could not be submitted: {error}"
            raise Failing(of_infrastructure(FailureCode.UNREACHABLE, words)) from error
        if node_errors is None:
            _log.warning("Nobody knows whether a submission arrived", action="submission_in_doubt", job_id=job.id)
            return
        if node_errors:
            await self._refuse_part(job, node, node_errors)
        await self.record(job, node)

    async def record(self, job: JobInHand, node: Node) -> None:
        """Append JobSubmitted; the same attempt is recorded once, however often it is said."""
        event = JobSubmitted(
            run_id=job.request.run_id,
            job_id=job.id,
            pool=job.request.pool,
            gateway=self._gateway,
            node=node.name,
            prompt_id=job.prompt_id,
            attempt=job.attempt,
        )
        identity = derived_id(JobSubmitted.wire_name, job.id, job.attempt)
        meta = fresh_metadata(source=GATEWAY, event_id=identity, cause=job.meta)
        appended = await self._log.append(event, meta)
        job.submitted_at = job.submitted_at or appended.position

    async def _posted(self, job: JobInHand, node: Node, body: bytes) -> Mapping[str, Json] | None:
        """The node errors, or None if the server fell silent and may have got the job.

        A submission whose answer got lost is looked for before it is repeated: servers do not de-duplicate ids.
        """
        tries, in_doubt = 0, False
        while True:
            try:
                if tries and await self._arrived(node.server, job.prompt_id):
                    return {}
                return await _posted_once(node, body)
            except (ComfyUnreachable, ComfyBusy) as error:
                tries += 1
                in_doubt = in_doubt or _may_have_arrived(error)
                decision = after_failed_call(tries, self._retrying.retries_max, self._retrying.chance())
                if not isinstance(decision, Again):
                    if in_doubt:
                        return None
                    raise
            await asyncio.sleep(decision.pause_seconds)

    async def _arrived(self, server: ComfyServer, prompt_id: str) -> bool:
        return not isinstance(await look_up(server, prompt_id), Unknown)

    async def _refuse_part(self, job: JobInHand, node: Node, node_errors: Mapping[str, Json]) -> None:
        """The server would run the job without its invalid branches: all or nothing, so stop it."""
        failure = of_node_errors(node_errors)
        try:
            await self._retrying(lambda: node.server.stop(job.prompt_id))
        except ComfyError as error:
            raise Failing(failure) from error
        raise Failing(failure)


async def _posted_once(node: Node, body: bytes) -> Mapping[str, Json]:
    """Only an acceptance is followed by a frame."""
    frames = node.hints.frames
    node_errors = await node.server.post(body)
    node.hints.expect_sign(since=frames)
    return node_errors


def _may_have_arrived(error: ComfyUnreachable | ComfyBusy) -> bool:
    match error:
        case ComfyNotReached():
            return False
        case ComfyBusy(status=status):
            return status not in NEVER_ARRIVED_STATUSES
        case _:
            return True
