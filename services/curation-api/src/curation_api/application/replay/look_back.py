"""A run as it was at a position or a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from carnival.contracts.ids import Position, RunId
from carnival.contracts.past import CANDIDATES_MAX, CandidateFacts, ColumnFacts, RunAt, RunAtAsked, RunFacts
from carnival.log.moments import position_at, time_of
from carnival.log.port import EventLog
from curation_api.application.known import known
from curation_api.application.ports import Clock, Past, Projection, Runs
from curation_api.application.runs.show_runs import view_of
from curation_api.application.views.candidate import TreeNode
from curation_api.application.views.monitoring import JobView
from curation_api.application.views.page import Page
from curation_api.application.views.past import RunAtView
from curation_api.application.views.run import ColumnRow, LeaderRow, RunRow
from curation_api.domain.leaders import leaders
from curation_api.domain.refusals import ProjectionBehind, RunUnknown
from curation_api.domain.replay_refusals import BadMoment

TREE_MAX: Final = 1000
_NOT_ENDED: Final = dict.fromkeys(
    ("failure_class", "failure_code", "message", "cancel_reason", "candidate_id", "ended_at")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Either of them; a time means the position up to which the log went then."""

    position: Position | None = None
    time: datetime | None = None


class LookBackHandler:
    def __init__(
        self, log: EventLog, projection: Projection, runs: Runs, past: Past, clock: Clock, *, read_wait_seconds: float
    ) -> None:
        self._log = log
        self._projection = projection
        self._runs = runs
        self._past = past
        self._clock = clock
        self._read_wait_seconds = read_wait_seconds

    async def position_of(self, moment: Moment) -> Position:
        """Where in the log `moment` is, once that is projected. Raises BadMoment, ProjectionBehind, LogUnavailable."""
        if (moment.position is None) == (moment.time is None):
            raise BadMoment("A moment is either a position or a time")
        if moment.time is not None and moment.time > self._clock():
            raise BadMoment(f"{moment.time.isoformat()} lies in the future")
        end = await self._log.end()
        position = moment.position if moment.time is None else await position_at(self._log, moment.time)
        if position is None or position > end:
            raise BadMoment(f"The log ends at position {end}, {position} was asked for", position=end)
        if not await self._projection.reached(position, self._read_wait_seconds):
            raise ProjectionBehind(f"The read model does not show position {position} yet", position=position)
        return position

    async def run(self, run_id: RunId, moment: Moment) -> RunAtView:
        """Raises RunUnknown, RunNotBegun, BadMoment, ProjectionBehind, HistoryLong, ProjectorSilent, LogUnavailable."""
        row = await self._known(run_id)
        position = await self.position_of(moment)
        tree = await self.tree(run_id, Moment(position=position), after=Position(0), limit=TREE_MAX)
        found = await self._past.run_at(RunAtAsked(run_id=run_id, position=position))
        time = time_of(await self._log.at(position))
        columns = [
            _column_then(column, then)
            for column, then in zip(await self._runs.columns([run_id]), found.columns, strict=True)
        ]
        best = [_leader(run_id, final) for final in leaders(await self._finals(run_id, found))]
        view = view_of(_row_then(row, found.run), columns, best, time or row.created_at)
        jobs = [JobView.model_validate(_NOT_ENDED | job.model_dump() | _about(run_id)) for job in found.open_jobs]
        return RunAtView.model_validate(
            {**dict(view), "position": position, "time": time, "tree": tree.items, "tree_next": tree.next, "jobs": jobs}
        )

    async def tree(self, run_id: RunId, moment: Moment, *, after: Position, limit: int) -> Page[TreeNode]:
        """Nodes by creation. Raises as `run`."""
        await self._known(run_id)
        position = await self.position_of(moment)
        nodes, more = list[TreeNode](), after
        while len(nodes) < limit:
            asked = RunAtAsked(
                run_id=run_id, position=position, after=more, candidates_max=min(limit - len(nodes), CANDIDATES_MAX)
            )
            found = await self._past.run_at(asked)
            nodes += [TreeNode.model_validate(candidate, from_attributes=True) for candidate in found.candidates]
            if found.next is None:
                return Page(items=nodes, next=None)
            more = found.next
        return Page(items=nodes, next=str(more))

    async def _known(self, run_id: RunId) -> RunRow:
        return known(await self._runs.row(run_id), RunUnknown, f"run {run_id}")

    async def _finals(self, run_id: RunId, found: RunAt) -> list[CandidateFacts]:
        if not found.columns or not found.run.live_finals:
            return []
        finals, after = list[CandidateFacts](), Position(0)
        while True:
            asked = RunAtAsked(
                run_id=run_id,
                position=found.position,
                after=after,
                candidates_max=CANDIDATES_MAX,
                step_order=found.columns[-1].step_order,
            )
            page = await self._past.run_at(asked)
            finals += page.candidates
            if page.next is None:
                return finals
            after = page.next


def _row_then(row: RunRow, then: RunFacts) -> RunRow:
    """What never changes from `row`, the rest as it was."""
    ceilings = then.ceilings
    return replace(
        row,
        name=then.name,
        status=then.status,
        paused=then.paused,
        pause_reason=then.pause_reason,
        n=then.n,
        t=then.t,
        ceiling_images=ceilings.images,
        ceiling_gpu_seconds=ceilings.gpu_seconds,
        ceiling_deadline=ceilings.deadline,
        open_jobs=then.open_jobs,
        live_finals=then.live_finals,
        images=then.images,
        votes=then.votes,
        gpu_seconds=then.gpu_seconds,
        winner_id=then.winner_id,
        rating=then.rating.model_dump(mode="json") if then.rating else None,
        policy=then.policy,
        raffle=then.raffle.model_dump(mode="json"),
        last_position=then.last_position,
    )


def _column_then(row: ColumnRow, then: ColumnFacts) -> ColumnRow:
    return replace(
        row,
        approved_k=then.approved_k,
        paused=then.paused,
        pause_reason=then.pause_reason,
        consecutive_failures=then.consecutive_failures,
        last_failure_class=then.last_failure_class,
        last_failure_code=then.last_failure_code,
        last_failure_message=then.last_failure_message,
        live=then.live,
        rejected=then.rejected,
        dead=then.dead,
        open_jobs=then.open_jobs,
    )


def _leader(run_id: RunId, final: CandidateFacts) -> LeaderRow:
    return LeaderRow(run_id=run_id, candidate_id=final.candidate_id, rating=final.rating, votes=final.votes)


def _about(run_id: RunId) -> dict[str, object]:
    return {"run_id": run_id, "gpu_seconds": 0.0}
