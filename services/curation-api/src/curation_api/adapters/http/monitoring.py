"""Routes about jobs, the fleet and the state of the whole (MON-1)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import JsonValue

from carnival.contracts.ids import JobId, RunId
from carnival.contracts.notices import NodePresence
from curation_api.adapters.http.parameters import INTEGER_MAX, Id, IdPath
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.application.views.monitoring import JobDetail, JobView, Status
from curation_api.application.views.page import Page
from curation_api.domain.refusals import JobUnknown, RunUnknown


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
    runs = parts.queries.runs

    @router.get("/runs/{run_id}/jobs", summary="Jobs of a run, newest first", responses=problem_responses(404))
    async def list_jobs(
        run_id: IdPath,
        state: JobState | None = None,
        before: Annotated[int | None, Query(ge=0, le=INTEGER_MAX, description="`next` of the page before.")] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> Page[JobView]:
        if await runs.state(RunId(run_id)) is None:
            raise RunUnknown(f"There is no run {run_id}")
        return await runs.jobs(RunId(run_id), state=state, before=before, limit=limit)

    @router.get("/jobs/{job_id}", summary="One job with its decision", responses=problem_responses(404))
    async def show_job(job_id: IdPath) -> JobDetail:
        found = await runs.job(JobId(job_id))
        if found is None:
            raise JobUnknown(f"There is no job {job_id}")
        return found

    _ = (list_jobs, show_job)


def _add_whole(router: APIRouter, parts: Parts) -> None:
    monitoring = parts.queries.monitoring

    @router.get("/status", summary="Jobs, images, nodes and positions", responses=problem_responses())
    async def show_status() -> Status:
        counts = await monitoring.log_counts()
        end = await parts.log.end()
        projected = min(parts.projection.position, end)
        return Status(
            jobs=await monitoring.jobs_by_state(),
            runs=await monitoring.run_images(),
            void_events=counts.void_events,
            parked_events=counts.parked_events,
            log_position=end,
            projected_position=projected,
            lag=end - projected,
            nodes=await parts.fleet.nodes(),
        )

    @router.get("/fleet", summary="The nodes present now", responses=problem_responses())
    async def show_fleet() -> list[NodePresence]:
        return await parts.fleet.nodes()

    @router.get("/next", summary="What a selector would do next; reserves nothing", responses=problem_responses(404))
    async def show_next(run_id: Id | None = None) -> dict[str, JsonValue]:
        if run_id and await parts.queries.runs.state(RunId(run_id)) is None:
            raise RunUnknown(f"There is no run {run_id}")
        return await parts.selector.next_decision(RunId(run_id) if run_id else None)

    _ = (show_status, show_fleet, show_next)
