"""Routes about runs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from carnival.contracts.envelope import Event
from carnival.contracts.ids import CandidateId, PipelineId, Position, RunId
from curation_api.adapters.http.parameters import FromWhere, Id, IdPath, PositionCursor, StepPath
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.run_bodies import (
    T_MAX,
    ApprovalBody,
    PauseBody,
    RunBody,
    RunPatch,
    RunStatus,
    WinnerBody,
)
from curation_api.adapters.http.written import Written, written
from curation_api.application.ledger import Receipt
from curation_api.application.views.page import Page
from curation_api.application.views.run import GateView, LeaderView, RunCard, RunView


def run_routes(parts: Parts) -> APIRouter:
    """Creating, showing and governing runs."""
    router = APIRouter(prefix="/api/runs", tags=["runs"], dependencies=[Depends(parts.at_least)])
    _add_queries(router, parts)
    _add_lifecycle(router, parts)
    _add_steps_and_winner(router, parts)
    return router


def _add_queries(router: APIRouter, parts: Parts) -> None:
    show = parts.queries.show_runs

    @router.get("", summary="List runs with their funnels, newest first", responses=problem_responses())
    async def list_runs(
        before: PositionCursor = None,
        pipeline_id: Id | None = None,
        status: RunStatus | None = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> Page[RunCard]:
        return await show.page(
            before=Position(before) if before is not None else None,
            pipeline_id=PipelineId(pipeline_id) if pipeline_id else None,
            status=status,
            limit=limit,
        )

    @router.get("/{run_id}", summary="One run", responses=problem_responses(404))
    async def show_run(run_id: IdPath) -> RunView:
        return await show.one(RunId(run_id))

    @router.get("/{run_id}/gates", summary="Who would advance at each gate", responses=problem_responses(404))
    async def show_gates(
        run_id: IdPath,
        k: Annotated[int | None, Query(ge=1, le=T_MAX, description="Preview with this K.")] = None,
    ) -> list[GateView]:
        return await parts.queries.preview_gates(RunId(run_id), k)

    @router.get("/{run_id}/leaders", summary="The three best finals", responses=problem_responses(404))
    async def show_leaders(run_id: IdPath) -> list[LeaderView]:
        return (await show.one(RunId(run_id))).leaders

    _ = (list_runs, show_run, show_gates, show_leaders)


def _add_lifecycle(router: APIRouter, parts: Parts) -> None:
    commands, limits = parts.commands, parts.limits

    @router.post("", summary="Start a run", status_code=201, responses=problem_responses(400, 404, 409, 413))
    async def start_run(body: RunBody, origin: FromWhere, response: Response) -> Written[RunView]:
        receipt = await commands.start_run(body.command(limits.n, limits.t), origin)
        run_id = receipt.event.run_id if receipt.event else RunId("")
        return await _run_written(parts, response, receipt, run_id, created=True)

    @router.patch("/{run_id}", summary="Change a run", responses=problem_responses(400, 404, 409))
    async def change_run(run_id: IdPath, body: RunPatch, origin: FromWhere, response: Response) -> Written[RunView]:
        receipt = await commands.change_run(RunId(run_id), body.command(), origin)
        return await _run_written(parts, response, receipt, RunId(run_id))

    @router.post("/{run_id}/pause", summary="No new jobs until resumed", responses=problem_responses(400, 404, 409))
    async def pause_run(
        run_id: IdPath, origin: FromWhere, response: Response, body: PauseBody | None = None
    ) -> Written[RunView]:
        receipt = await commands.pause_run(RunId(run_id), body.reason if body else "", origin)
        return await _run_written(parts, response, receipt, RunId(run_id))

    @router.post("/{run_id}/resume", summary="Resume a paused run", responses=problem_responses(404, 409))
    async def resume_run(run_id: IdPath, origin: FromWhere, response: Response) -> Written[RunView]:
        receipt = await commands.resume_run(RunId(run_id), origin)
        return await _run_written(parts, response, receipt, RunId(run_id))

    @router.post("/{run_id}/complete", summary="End a run for good", responses=problem_responses(404, 409))
    async def complete_run(run_id: IdPath, origin: FromWhere, response: Response) -> Written[RunView]:
        receipt = await commands.complete_run(RunId(run_id), origin)
        return await _run_written(parts, response, receipt, RunId(run_id))

    _ = (start_run, change_run, pause_run, resume_run, complete_run)


def _add_steps_and_winner(router: APIRouter, parts: Parts) -> None:
    commands = parts.commands

    @router.post(
        "/{run_id}/steps/{order}/approve",
        summary="Open a gate: the K best may be parents, for good",
        responses=problem_responses(400, 404, 409),
    )
    async def approve_step(
        run_id: IdPath, order: StepPath, body: ApprovalBody, origin: FromWhere, response: Response
    ) -> Written[RunView]:
        receipt = await commands.approve_step(RunId(run_id), order, body.k, origin)
        return await _run_written(parts, response, receipt, RunId(run_id))

    @router.post(
        "/{run_id}/steps/{order}/resume",
        summary="Resume a step that failures paused",
        responses=problem_responses(404, 409),
    )
    async def resume_step(run_id: IdPath, order: StepPath, origin: FromWhere, response: Response) -> Written[RunView]:
        receipt = await commands.resume_step(RunId(run_id), order, origin)
        return await _run_written(parts, response, receipt, RunId(run_id))

    @router.put("/{run_id}/winner", summary="Mark the winner", responses=problem_responses(400, 404, 409))
    async def choose_winner(
        run_id: IdPath, body: WinnerBody, origin: FromWhere, response: Response
    ) -> Written[RunView]:
        receipt = await commands.choose_winner(RunId(run_id), CandidateId(body.candidate_id), origin)
        return await _run_written(parts, response, receipt, RunId(run_id))

    @router.delete("/{run_id}/winner", summary="Remove the mark", responses=problem_responses(404, 409))
    async def clear_winner(run_id: IdPath, origin: FromWhere, response: Response) -> Written[RunView]:
        receipt = await commands.clear_winner(RunId(run_id), origin)
        return await _run_written(parts, response, receipt, RunId(run_id))

    _ = (approve_step, resume_step, choose_winner, clear_winner)


async def _run_written(
    parts: Parts, response: Response, receipt: Receipt[Event], run_id: RunId, *, created: bool = False
) -> Written[RunView]:
    return await written(response, receipt, run_id, lambda: parts.queries.show_runs.one(run_id), created=created)
