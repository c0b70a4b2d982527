"""Why a job was asked for."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Protocol

from pydantic import BaseModel, JsonValue

from carnival.contracts.ids import CandidateId, JobId, RunId
from carnival.contracts.job import Decision
from curation_api.application.known import known
from curation_api.application.views.decision import DecisionRecord
from curation_api.domain.decision_record import Asked, Entry, explain
from curation_api.domain.refusals import JobUnknown


class DecisionRow(BaseModel):
    """A job, the names of its steps, and its decision as recorded."""

    job_id: JobId
    run_id: RunId
    number: int
    state: str
    step_order: int
    step_name: str
    parent_id: CandidateId | None
    parent_step_name: str | None
    candidate_id: CandidateId | None
    seed: int
    requested_at: datetime
    position: int
    profile: str
    decision: dict[str, JsonValue]


class Decisions(Protocol):
    async def decision(self, job_id: JobId) -> DecisionRow | None: ...

    async def job_of_number(self, run_id: RunId, number: int) -> JobId | None: ...


class ExplainJobHandler:
    def __init__(self, decisions: Decisions) -> None:
        self._decisions = decisions

    async def __call__(self, job_id: JobId) -> DecisionRecord:
        """Raises JobUnknown."""
        row = known(await self._decisions.decision(job_id), JobUnknown, f"job {job_id}")
        decision = Decision.model_validate(row.decision)
        found = explain(
            Asked(
                decision=decision,
                profile=row.profile,
                step_name=row.step_name,
                parent_id=row.parent_id,
                parent_step_name=row.parent_step_name,
            )
        )
        return DecisionRecord.model_validate(
            {
                **row.model_dump(exclude={"decision"}),
                **decision.model_dump(exclude={"competitors"}),
                "competitors": [asdict(entry) for entry in found.entries],
                "unrecorded": found.unrecorded,
                "winner": _shown(found.winner),
                "reasons": [asdict(reason) for reason in found.reasons],
                "would_change": found.would_change,
            }
        )

    async def numbered(self, run_id: RunId, number: int) -> DecisionRecord:
        """The job of this number in a run. Raises JobUnknown."""
        job_id = await self._decisions.job_of_number(run_id, number)
        if job_id is None:
            raise JobUnknown(f"The run {run_id} has no job {number}")
        return await self(job_id)


def _shown(entry: Entry | None) -> dict[str, object] | None:
    return asdict(entry) if entry else None
