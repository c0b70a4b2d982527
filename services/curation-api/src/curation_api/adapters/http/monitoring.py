"""Routes about jobs and the state of the whole (MON-1)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Depends, Query, Response
from pydantic import JsonValue

from carnival.contracts.ids import JobId, RunId
from curation_api.adapters.http.paging import Turn
from curation_api.adapters.http.parameters import INTEGER_MAX, Id, IdPath
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.plain_digits import PLAIN_DIGITS
from curation_api.adapters.http.problems import problem_responses
from curation_api.application.known import known, known_run
from curation_api.application.views.monitoring import JobDetail, JobProgressView, JobView, Status
from curation_api.application.views.page import Page
from curation_api.domain.refusals import (
    JobUnknown,
    PreviewAbsent,
    RunUnknown,
    SelectorSilent,
)

PNG_SIGNATURE: Final = b"\x89PNG"

_BYTES: Final = {"schema": {"type": "string", "format": "binary"}}
_PREVIEW: Final[dict[str, Any]] = {
    "content": {"image/jpeg": _BYTES, "image/png": _BYTES},
    "description": "The picture so far, small",
}

J = TypeVar("J", bound=JobView)


class JobState(StrEnum):
    PENDING = "pending"
    SUBMITTED = "submitted"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"


def monitoring_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["monitoring"], dependencies=[Depends(parts.at_least)])
    _add_jobs(router, parts)
    _add_whole(router, parts)
    return router


def _add_jobs(router: APIRouter, parts: Parts) -> None:
    runs = parts.readers.runs

    @router.get("/runs/{run_id}/jobs", summary="Jobs of a run, newest first", responses=problem_responses(RunUnknown))
    async def list_jobs(
        run_id: IdPath,
        turn: Turn,
        state: JobState | None = None,
        cursor: Annotated[int | None, Query(ge=0, le=INTEGER_MAX), PLAIN_DIGITS] = None,
        limit: Annotated[int, Query(ge=1, le=500), PLAIN_DIGITS] = 100,
    ) -> Page[JobView]:
        """Jobs of a run with their state, failures and times."""
        run = await known_run(runs, RunId(run_id))
        page = await runs.jobs(run.run_id, state=state, before=cursor, limit=limit)
        return turn.to(Page(items=[_with_progress(parts, job) for job in page.items], next=page.next))

    @router.get("/jobs/{job_id}", summary="One job with its decision", responses=problem_responses(JobUnknown))
    async def show_job(job_id: IdPath) -> JobDetail:
        """The job with the whole decision that asked for it: mode, competitors, tickets and draw."""
        return _with_progress(parts, known(await runs.job(JobId(job_id)), JobUnknown, f"job {job_id}"))

    @router.get(
        "/jobs/{job_id}/preview",
        summary="What a job draws, unfinished",
        response_class=Response,
        responses={**problem_responses(PreviewAbsent), 200: _PREVIEW},
    )
    async def show_preview(job_id: IdPath) -> Response:
        """The newest preview of a job, about twice a second a new one while a sampler runs. It is kept for 30 s."""
        image = await parts.live.previews.newest(JobId(job_id))
        if image is None:
            raise PreviewAbsent(f"There is no preview of job {job_id} now")
        kind = "image/png" if image.startswith(PNG_SIGNATURE) else "image/jpeg"
        return Response(image, media_type=kind, headers={"Cache-Control": "no-store"})

    _ = (list_jobs, show_job, show_preview)


def _with_progress(parts: Parts, job: J) -> J:
    """Progress tells of jobs at a server only: what was heard of one that ended is history."""
    heard = parts.live.progress.of(JobId(job.job_id)) if job.state == JobState.SUBMITTED else None
    if heard is None:
        return job
    progress = JobProgressView(percent=heard.percent, step=heard.step, steps=heard.steps, node=heard.title)
    return job.model_copy(update={"progress": progress})


def _add_whole(router: APIRouter, parts: Parts) -> None:
    monitoring = parts.readers.monitoring

    @router.get("/status", summary="Jobs, images, nodes and positions", responses=problem_responses())
    async def show_status() -> Status:
        """Counts of jobs, images per run, what is void or parked, the fleet, and how far the read model is."""
        counts = await monitoring.log_counts()
        end = await parts.log.end()
        projected = min(parts.projection.position, end)
        return Status(
            jobs=await monitoring.jobs_by_state(),
            running=sum(parts.live.progress.of(job_id) is not None for job_id in await monitoring.submitted()),
            runs=await monitoring.run_images(),
            void_events=counts.void_events,
            parked_events=counts.parked_events,
            log_position=end,
            projected_position=projected,
            lag=end - projected,
            nodes=await parts.live.fleet.nodes(),
        )

    @router.get(
        "/next",
        summary="What a selector would do next; reserves nothing",
        responses=problem_responses(RunUnknown, SelectorSilent),
    )
    async def show_next(run_id: Id | None = None) -> dict[str, JsonValue]:
        """The decision a selector would take now, of one run or of all. Nothing is reserved."""
        run = await known_run(parts.readers.runs, RunId(run_id)) if run_id else None
        return await parts.live.selector.next_decision(run.run_id if run else None)

    _ = (show_status, show_next)
