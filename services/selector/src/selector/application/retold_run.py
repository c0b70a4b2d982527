"""A run of the past, kept up to date from what a projector tells of it."""

from __future__ import annotations

from collections.abc import Sequence

from carnival.contracts.ids import CandidateId, Position
from carnival.contracts.past import Altered, CandidateFacts, ColumnFacts, RunAt, RunFacts
from carnival.contracts.pipeline import StepDefinition
from selector.domain.frontier import NO_CEILINGS, ParentCandidate, RunFrontier, RunStatus, StepFrontier
from selector.domain.request import SEED_START


class RetoldRun:
    """One run, told with `altered` settings and without some of its jobs."""

    def __init__(self, steps: Sequence[StepDefinition], altered: Altered) -> None:
        self._steps = {step.order: step for step in steps}
        self._candidates: dict[CandidateId, ParentCandidate] = {}
        self._last: RunAt | None = None
        self.altered = altered
        self.without: list[Position] = []

    def take(self, told: RunAt) -> None:
        """What was touched since the last telling."""
        self._last = told
        for facts in told.candidates:
            if facts.live and not facts.is_final:
                self._candidates[facts.candidate_id] = _parent(facts, told.run)
            else:
                self._candidates.pop(facts.candidate_id, None)

    def frontier(self) -> RunFrontier:
        """The run as of the last telling; at least one was taken."""
        if self._last is None:
            raise ValueError("nothing was told yet")
        run = self._last.run
        return RunFrontier(
            run_id=run.run_id,
            profile=run.profile,
            policy=run.policy,
            raffle=run.raffle,
            status=RunStatus(run.status),
            paused=run.paused,
            n=run.n,
            t=run.t,
            ceilings=NO_CEILINGS if run.ceilings == NO_CEILINGS else run.ceilings,
            seed_start=SEED_START,
            last_job_number=run.last_job_number,
            open_jobs=run.open_jobs,
            open_live_jobs=run.open_live_jobs,
            live_finals=run.live_finals,
            images=run.images,
            gpu_seconds=run.gpu_seconds,
            created_position=run.created_position,
            last_position=run.last_position,
            served_position=run.served_position,
            steps=tuple(self._step(column) for column in self._last.columns),
            candidates=tuple(self._candidates.values()),
        )

    def _step(self, column: ColumnFacts) -> StepFrontier:
        step = self._steps[column.step_order]
        return StepFrontier(
            order=step.order,
            pool=step.pool,
            child_cap=step.child_cap,
            paused=column.paused,
            approved_k=column.approved_k,
            live=column.live,
            open_jobs=column.open_jobs,
        )


def _parent(facts: CandidateFacts, run: RunFacts) -> ParentCandidate:
    return ParentCandidate(
        candidate_id=facts.candidate_id,
        run_id=run.run_id,
        step_order=facts.step_order,
        rating=facts.rating,
        occupancy=facts.live_children + facts.open_jobs,
        failures=facts.failures,
        live=facts.live,
        discarded=facts.discarded,
        position=facts.position,
        place=facts.place,
        sha256=facts.sha256,
    )
