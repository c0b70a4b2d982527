"""Runs from the read model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from carnival.contracts.ids import CandidateId, JobId, Position, RunId
from carnival.contracts.rating import RatingChoice
from carnival.contracts.run import Ceilings, Raffle, RunPolicy
from curation_api.adapters.read_model.candidates import Origin
from curation_api.adapters.read_model.reading import Reading
from curation_api.application.runs.explain_job import DecisionRow
from curation_api.application.views.candidate import TreeNode
from curation_api.application.views.monitoring import JobDetail, JobView
from curation_api.application.views.page import Page
from curation_api.application.views.run import ColumnRow, LeaderRow, OutlookRow, RunFilter, RunRow
from curation_api.domain.fleet import ActiveRun
from curation_api.domain.gate import GateState, Standing
from curation_api.domain.run import RunState


class PostgresRuns(Reading):
    """Implements `ports.Runs`, and the queries about runs."""

    async def active(self, limit: int) -> list[ActiveRun]:
        return await self.many("active_runs", ActiveRun, limit=limit)

    async def state(self, run_id: RunId) -> RunState | None:
        rows = await self.rows("run_state", run_id=run_id)
        if not rows:
            return None
        row = rows[0]
        return RunState(
            run_id=run_id,
            name=row["name"],
            status=row["status"],
            paused=row["paused"],
            n=row["n"],
            t=row["t"],
            profile=row["profile"],
            ceilings=Ceilings(
                images=row["ceiling_images"], gpu_seconds=row["ceiling_gpu_seconds"], deadline=row["ceiling_deadline"]
            ),
            winner_id=row["winner_id"],
            rating=row["rating"] and RatingChoice.model_validate(row["rating"]),
            policy=row["policy"] and RunPolicy(row["policy"]),
            raffle=Raffle.model_validate(row["raffle"]),
        )

    async def folders_taken(self, folders: Sequence[str]) -> frozenset[str]:
        rows = await self.rows("folders_taken", folders=list(folders))
        return frozenset(str(row["folder"]) for row in rows)

    async def discarded(self, run_id: RunId) -> Sequence[CandidateId]:
        rows = await self.rows("discarded_of_run", run_id=run_id)
        return [CandidateId(row["candidate_id"]) for row in rows]

    async def gate(self, run_id: RunId, step_order: int) -> GateState | None:
        return await self.one("gate_state", GateState, run_id=run_id, step_order=step_order)

    async def step_paused(self, run_id: RunId, step_order: int) -> bool | None:
        rows = await self.rows("step_paused", run_id=run_id, step_order=step_order)
        return bool(rows[0]["paused"]) if rows else None

    async def row(self, run_id: RunId) -> RunRow | None:
        return await self.one("run_row", RunRow, run_id=run_id)

    async def page(self, wanted: RunFilter, *, before: Position | None, limit: int) -> Sequence[RunRow]:
        return await self.many("run_page", RunRow, **asdict(wanted), before=before, limit=limit)

    async def columns(self, run_ids: Sequence[RunId]) -> Sequence[ColumnRow]:
        return await self.many("run_columns", ColumnRow, run_ids=list(run_ids))

    async def leaders(self, run_ids: Sequence[RunId]) -> Sequence[LeaderRow]:
        return await self.many("run_leaders", LeaderRow, run_ids=list(run_ids))

    async def outlook(self, run_id: RunId) -> Sequence[OutlookRow]:
        return await self.many("run_outlook", OutlookRow, run_id=run_id)

    async def standings(self, run_id: RunId, step_order: int, limit: int) -> Sequence[Standing]:
        return await self.many("standings", Standing, run_id=run_id, step_order=step_order, limit=limit)

    async def tree(self, run_id: RunId, *, after: Position, limit: int) -> Page[TreeNode]:
        """The nodes of a run's tree in creation order, so that parents come before their children."""
        nodes = await self.many("tree", TreeNode, run_id=run_id, after=after, limit=limit)
        return Page(items=nodes, next=str(nodes[-1].position) if len(nodes) == limit else None)

    async def jobs(self, run_id: RunId, *, state: str | None, before: int | None, limit: int) -> Page[JobView]:
        """Jobs of a run, newest first."""
        jobs = await self.many("run_jobs", JobView, run_id=run_id, state=state, before=before, limit=limit)
        return Page(items=jobs, next=str(jobs[-1].number) if len(jobs) == limit else None)

    async def job(self, job_id: JobId) -> JobDetail | None:
        return await self.one("job", JobDetail, job_id=job_id)

    async def decision(self, job_id: JobId) -> DecisionRow | None:
        rows = await self.rows("job_decision", job_id=job_id)
        return DecisionRow.model_validate(rows[0]) if rows else None

    async def job_of_number(self, run_id: RunId, number: int) -> JobId | None:
        rows = await self.rows("job_of_number", run_id=run_id, number=number)
        return JobId(rows[0]["job_id"]) if rows else None

    async def origin_of_job(self, job_id: JobId) -> Origin | None:
        """Where in the log a job begins."""
        return await self.one("origin_of_job", Origin, job_id=job_id)
