"""Routes about runs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from carnival.contracts.envelope import Event
from carnival.contracts.ids import CandidateId, PipelineId, Position, RunId
from carnival.contracts.run import RunStarted
from curation_api.adapters.http.etags import IfMatch, tag
from curation_api.adapters.http.paging import PositionCursor, Turn
from curation_api.adapters.http.parameters import FromWhere, Id, IdPath, StepPath
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.plain_digits import PLAIN_DIGITS
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
from curation_api.application.views.run import GateView, LeaderView, RunCard, RunFilter, RunView
from curation_api.domain.pipeline_refusals import BadVariable, MissingVariable
from curation_api.domain.rating_refusals import BadRatingSystem
from curation_api.domain.refusals import (
    AlreadyApproved,
    BadFolder,
    BadText,
    CandidateElsewhere,
    CandidateNotLive,
    CandidateUnknown,
    ChangedSince,
    FinalStep,
    NotGated,
    NothingToChange,
    PipelineUnknown,
    RunEnded,
    RunUnknown,
    StepUnknown,
)


def run_routes(parts: Parts) -> APIRouter:
    """Creating, showing and governing runs."""
    router = APIRouter(prefix="/api/runs", tags=["runs"], dependencies=[Depends(parts.at_least)])
    _add_queries(router, parts)
    _add_start_and_change(router, parts)
    _add_lifecycle(router, parts)
    _add_steps_and_winner(router, parts)
    return router


def _add_queries(router: APIRouter, parts: Parts) -> None:
    show = parts.runs.show

    @router.get("", summary="List runs with their funnels, newest first", responses=problem_responses())
    async def list_runs(
        turn: Turn,
        cursor: PositionCursor = None,
        pipeline_id: Id | None = None,
        status: RunStatus | None = None,
        limit: Annotated[int, Query(ge=1, le=100), PLAIN_DIGITS] = 20,
    ) -> Page[RunCard]:
        """Runs by creation with their figures. Prompt and variables are shown by the run itself only."""
        wanted = RunFilter(pipeline_id=PipelineId(pipeline_id) if pipeline_id else None, status=status)
        before = Position(cursor) if cursor is not None else None
        return turn.to(await show.page(wanted, before=before, limit=limit))

    @router.get("/{run_id}", summary="One run", responses=problem_responses(RunUnknown))
    async def show_run(run_id: IdPath, response: Response) -> RunView:
        """The run with its columns, aims and leaders, and everything it was started with."""
        run = await show.one(RunId(run_id))
        tag(response, run)
        return run

    @router.get("/{run_id}/gates", summary="Who would advance at each gate", responses=problem_responses(RunUnknown))
    async def show_gates(
        run_id: IdPath,
        k: Annotated[int | None, Query(ge=1, le=T_MAX, description="Preview with this K."), PLAIN_DIGITS] = None,
    ) -> list[GateView]:
        """Each step but the last as a gate: its column best first, and which images a K lets through."""
        return await parts.runs.preview_gates(RunId(run_id), k)

    @router.get("/{run_id}/leaders", summary="The three best finals", responses=problem_responses(RunUnknown))
    async def show_leaders(run_id: IdPath) -> list[LeaderView]:
        """The best live images of the final step, ties to the older; empty while there is none."""
        return await show.leaders(RunId(run_id))

    _ = (list_runs, show_run, show_gates, show_leaders)


def _add_start_and_change(router: APIRouter, parts: Parts) -> None:
    runs, limits = parts.runs, parts.limits

    @router.post(
        "",
        summary="Start a run",
        status_code=201,
        responses=problem_responses(PipelineUnknown, BadText, BadFolder, BadVariable, MissingVariable, BadRatingSystem),
    )
    async def start_run(body: RunBody, origin: FromWhere, response: Response) -> Written[RunView]:
        """Start a run of a pipeline. The selector asks for its first image at once.

        Without a name it is the pipeline's name and the time; without a folder a dated one that no other run has.
        """
        receipt = await runs.start(body.command(limits.n, limits.t), origin)
        run_id = receipt.event.run_id if receipt.event else RunId("")
        warnings = await _warnings(parts, receipt.event) if receipt.event else ()
        return await _run_written(parts, response, receipt, run_id, created=True, warnings=warnings)

    @router.patch(
        "/{run_id}",
        summary="Change a run",
        responses=problem_responses(RunUnknown, ChangedSince, RunEnded, NothingToChange, BadText, BadRatingSystem),
    )
    async def change_run(run_id: IdPath, body: RunPatch, origin: IfMatch, response: Response) -> Written[RunView]:
        """Change name, N, T, ceilings, rating, policy or raffle. What is absent stays as it is.

        Raising a ceiling that was reached lets the run go on. A completed run stays as it is.
        """
        receipt = await runs.change(RunId(run_id), body.command(), origin)
        return await _run_written(parts, response, receipt, RunId(run_id))

    _ = (start_run, change_run)


def _add_lifecycle(router: APIRouter, parts: Parts) -> None:
    runs = parts.runs

    @router.post(
        "/{run_id}/pause",
        summary="No new jobs until resumed",
        responses=problem_responses(RunUnknown, ChangedSince, RunEnded),
    )
    async def pause_run(
        run_id: IdPath, origin: IfMatch, response: Response, body: PauseBody | None = None
    ) -> Written[RunView]:
        """No new jobs are asked for. What is being rendered is finished; what is staged is given back."""
        receipt = await runs.pause(RunId(run_id), body.reason if body else "", origin)
        return await _run_written(parts, response, receipt, RunId(run_id))

    @router.post(
        "/{run_id}/resume",
        summary="Resume a paused run",
        responses=problem_responses(RunUnknown, ChangedSince, RunEnded),
    )
    async def resume_run(run_id: IdPath, origin: IfMatch, response: Response) -> Written[RunView]:
        """New jobs are asked for again. A step of it that failures paused stays paused: that is for `resume_step`."""
        receipt = await runs.resume(RunId(run_id), origin)
        return await _run_written(parts, response, receipt, RunId(run_id))

    @router.post(
        "/{run_id}/complete",
        summary="End a run for good",
        responses=problem_responses(RunUnknown, ChangedSince),
    )
    async def complete_run(run_id: IdPath, origin: IfMatch, response: Response) -> Written[RunView]:
        """No new jobs for good. Jobs under way end and are registered; the run stays viewable."""
        receipt = await runs.complete(RunId(run_id), origin)
        return await _run_written(parts, response, receipt, RunId(run_id))

    _ = (pause_run, resume_run, complete_run)


def _add_steps_and_winner(router: APIRouter, parts: Parts) -> None:
    runs = parts.runs

    @router.post(
        "/{run_id}/steps/{order}/approve",
        summary="Open a gate: the K best may be parents, for good",
        responses=problem_responses(
            RunUnknown, ChangedSince, StepUnknown, NotGated, RunEnded, FinalStep, AlreadyApproved
        ),
    )
    async def approve_step(
        run_id: IdPath, order: StepPath, body: ApprovalBody, origin: IfMatch, response: Response
    ) -> Written[RunView]:
        """Runs of the gated profile wait for this before they use a column as parents.

        Who advances follows later votes and kills. An approval is final.
        """
        receipt = await runs.approve_step(RunId(run_id), order, body.k, origin)
        return await _run_written(parts, response, receipt, RunId(run_id))

    @router.post(
        "/{run_id}/steps/{order}/resume",
        summary="Resume a step that failures paused",
        responses=problem_responses(RunUnknown, ChangedSince, StepUnknown, RunEnded),
    )
    async def resume_step(run_id: IdPath, order: StepPath, origin: IfMatch, response: Response) -> Written[RunView]:
        """Failures that pile up pause a step of one run; this lets it go on and forgets them.

        A run that was paused as a whole is for `resume_run`.
        """
        receipt = await runs.resume_step(RunId(run_id), order, origin)
        return await _run_written(parts, response, receipt, RunId(run_id))

    @router.put(
        "/{run_id}/winner",
        summary="Mark the winner",
        responses=problem_responses(RunUnknown, ChangedSince, CandidateUnknown, CandidateElsewhere, CandidateNotLive),
    )
    async def choose_winner(run_id: IdPath, body: WinnerBody, origin: IfMatch, response: Response) -> Written[RunView]:
        """A run has one winner at the most; marking another one moves the mark."""
        receipt = await runs.choose_winner(RunId(run_id), CandidateId(body.candidate_id), origin)
        return await _run_written(parts, response, receipt, RunId(run_id))

    @router.delete(
        "/{run_id}/winner",
        summary="Remove the mark",
        responses=problem_responses(RunUnknown, ChangedSince),
    )
    async def clear_winner(run_id: IdPath, origin: IfMatch, response: Response) -> Written[RunView]:
        """Remove the winner's mark."""
        receipt = await runs.clear_winner(RunId(run_id), origin)
        return await _run_written(parts, response, receipt, RunId(run_id))

    _ = (approve_step, resume_step, choose_winner, clear_winner)


async def _run_written(
    parts: Parts,
    response: Response,
    receipt: Receipt[Event],
    run_id: RunId,
    *,
    created: bool = False,
    warnings: tuple[str, ...] = (),
) -> Written[RunView]:
    show = parts.runs.show
    return await written(response, receipt, run_id, lambda: show.one(run_id), created=created, warnings=warnings)


async def _warnings(parts: Parts, started: RunStarted) -> tuple[str, ...]:
    """What the fleet of now lacks for the run."""
    pipeline = await parts.readers.pipelines.defined(started.pipeline_id, started.pipeline_version)
    return await parts.pipelines.check_steps.warnings(pipeline.steps, started.variables) if pipeline else ()
