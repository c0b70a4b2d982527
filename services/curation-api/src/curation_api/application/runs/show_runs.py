"""Runs with their funnels and leaders (DASH, WIN-1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from carnival.contracts.ids import MatrixId, Position, RunId
from curation_api.application.known import known, known_run
from curation_api.application.ports import Clock, Runs
from curation_api.application.runs.estimate_run import EstimateRun
from curation_api.application.views.page import Page
from curation_api.application.views.run import (
    ColumnRow,
    ColumnView,
    FailureView,
    LeaderRow,
    LeaderView,
    MatrixView,
    RunCard,
    RunFilter,
    RunRow,
    RunView,
)
from curation_api.domain.dashboard import Goal, StepFigures, goals, halts
from curation_api.domain.refusals import MatrixUnknown, RunUnknown
from curation_api.domain.run_matrix import CELLS_MAX


class ShowRuns:
    def __init__(self, runs: Runs, clock: Clock, estimate: EstimateRun) -> None:
        self._runs = runs
        self._clock = clock
        self._estimate = estimate

    async def page(self, wanted: RunFilter, *, before: Position | None, limit: int) -> Page[RunCard]:
        """Runs by creation, newest first."""
        rows = await self._runs.page(wanted, before=before, limit=limit)
        return Page(items=await self._cards(rows), next=str(rows[-1].created_position) if len(rows) == limit else None)

    async def matrix(self, matrix_id: MatrixId) -> MatrixView:
        """Raises MatrixUnknown."""
        rows = await self._runs.page(RunFilter(matrix_id=matrix_id), before=None, limit=CELLS_MAX)
        if not rows:
            raise MatrixUnknown(f"There is no matrix {matrix_id}")
        return MatrixView(matrix_id=matrix_id, runs=list(reversed(await self._cards(rows))))

    async def one(self, run_id: RunId) -> RunView:
        """Raises RunUnknown."""
        row = known(await self._runs.row(run_id), RunUnknown, f"run {run_id}")
        view = (await self._views([row]))[0]
        return view.model_copy(update={"seconds_left": await self._estimate(view)})

    async def leaders(self, run_id: RunId) -> list[LeaderView]:
        """Raises RunUnknown."""
        await known_run(self._runs, run_id)
        return [_leader(leader) for leader in await self._runs.leaders([run_id])]

    async def _cards(self, rows: Sequence[RunRow]) -> list[RunCard]:
        return [RunCard.model_validate(view, from_attributes=True) for view in await self._views(rows)]

    async def _views(self, rows: Sequence[RunRow]) -> list[RunView]:
        run_ids = [RunId(row.run_id) for row in rows]
        columns: defaultdict[str, list[ColumnRow]] = defaultdict(list)
        leaders: defaultdict[str, list[LeaderRow]] = defaultdict(list)
        for column in await self._runs.columns(run_ids):
            columns[column.run_id].append(column)
        for leader in await self._runs.leaders(run_ids):
            leaders[leader.run_id].append(leader)
        now = self._clock()
        return [view_of(row, columns[row.run_id], leaders[row.run_id], now) for row in rows]


def view_of(row: RunRow, columns: Sequence[ColumnRow], leaders: Sequence[LeaderRow], now: datetime) -> RunView:
    """A run with its steps in order and its leaders, as it stands `now`."""
    figures = [
        StepFigures(order=column.step_order, cap=column.child_cap, live=column.live, approved_k=column.approved_k)
        for column in columns
    ]
    aims = goals(figures, row.profile, row.n, row.t)
    halted_by = halts(
        status=row.status,
        paused=row.paused,
        images=row.images,
        open_jobs=row.open_jobs,
        gpu_seconds=row.gpu_seconds,
        ceilings=row.ceilings,
        now=now,
    )
    return RunView.model_validate(
        {
            **{name: getattr(row, name) for name in _SAME_NAMES},
            "halted_by": halted_by,
            "live": sum(column.live for column in columns),
            "rejected": sum(column.rejected for column in columns),
            "dead": sum(column.dead for column in columns),
            "finals": row.live_finals,
            "steps": [_column(column, aim) for column, aim in zip(columns, aims, strict=True)],
            "leaders": [_leader(leader) for leader in leaders],
        }
    )


_SAME_NAMES = frozenset(RunView.model_fields) & (frozenset(RunRow.__dataclass_fields__) | {"ceilings"})


def _leader(row: LeaderRow) -> LeaderView:
    return LeaderView(candidate_id=row.candidate_id, rating=row.rating, votes=row.votes)


def _column(row: ColumnRow, goal: Goal) -> ColumnView:
    failed = row.last_failure_class or row.last_failure_code or row.last_failure_message
    return ColumnView(
        order=row.step_order,
        name=row.name,
        slug=row.slug,
        pool=row.pool,
        live=row.live,
        rejected=row.rejected,
        dead=row.dead,
        open_jobs=row.open_jobs,
        target=goal.target,
        percent=goal.percent,
        complete=goal.complete,
        approved_k=row.approved_k,
        paused=row.paused,
        pause_reason=row.pause_reason,
        consecutive_failures=row.consecutive_failures,
        last_failure=FailureView(
            failure_class=row.last_failure_class, code=row.last_failure_code, message=row.last_failure_message
        )
        if failed
        else None,
    )
