"""Routes that say why a job was asked for."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from carnival.contracts.ids import CandidateId, JobId, RunId
from curation_api.adapters.http.parameters import INTEGER_MAX, IdPath
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.plain_digits import PLAIN_DIGITS
from curation_api.adapters.http.problems import problem_responses
from curation_api.application.known import known
from curation_api.application.views.decision import DecisionRecord
from curation_api.domain.refusals import CandidateUnknown, JobUnknown


def decision_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["monitoring"], dependencies=[Depends(parts.at_least)])
    explain = parts.explain_job

    @router.get("/jobs/{job_id}/decision", summary="Why this job", responses=problem_responses(JobUnknown))
    async def explain_job(job_id: IdPath) -> DecisionRecord:
        """The draw as it was recorded: competitors, tickets, the rules that led here, and what had changed it."""
        return await explain(JobId(job_id))

    @router.get(
        "/runs/{run_id}/jobs/{number}/decision",
        summary="Why the job of this number",
        responses=problem_responses(JobUnknown),
    )
    async def explain_numbered_job(
        run_id: IdPath, number: Annotated[int, Path(ge=1, le=INTEGER_MAX), PLAIN_DIGITS]
    ) -> DecisionRecord:
        """As for the job's id; people know jobs by their number in the run."""
        return await explain.numbered(RunId(run_id), number)

    @router.get(
        "/candidates/{candidate_id}/decision",
        summary="Why this image was made",
        responses=problem_responses(CandidateUnknown),
    )
    async def explain_candidate(candidate_id: IdPath) -> DecisionRecord:
        """The decision behind the job that made this image."""
        origin = await parts.readers.candidates.origin_of(CandidateId(candidate_id))
        return await explain(known(origin, CandidateUnknown, f"candidate {candidate_id}").job_id)

    _ = (explain_job, explain_numbered_job, explain_candidate)
    return router
