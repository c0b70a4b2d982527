"""Rows of the read model as the facts the domain knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from psycopg.rows import DictRow

from carnival.contracts.ids import RunId
from carnival.contracts.job import FailureClass, FailureCode
from carnival.contracts.run import Ceilings, Profile, Raffle, RunPolicy
from selector.domain.cancellation import OpenJob
from selector.domain.failing import FailingStep
from selector.domain.frontier import NO_CEILINGS, ParentCandidate, RunFrontier, RunStatus, StepFrontier
from selector.domain.request import seed_start


def frontiers_of(
    runs: Iterable[DictRow], steps: Iterable[DictRow], parents: Iterable[DictRow]
) -> Sequence[RunFrontier]:
    """Rows of runs, of their steps in order and of their possible parents, put together."""
    steps_of: defaultdict[RunId, list[StepFrontier]] = defaultdict(list)
    for row in steps:
        steps_of[row.pop("run_id")].append(StepFrontier(**row))
    parents_of: defaultdict[RunId, list[ParentCandidate]] = defaultdict(list)
    for row in parents:
        parents_of[row["run_id"]].append(ParentCandidate(**row))
    return [_frontier(row, steps_of[row["run_id"]], parents_of[row["run_id"]]) for row in runs]


def open_job_of(row: DictRow) -> OpenJob:
    row["run_status"] = RunStatus(row["run_status"])
    return OpenJob(**row)


def failing_step_of(row: DictRow) -> FailingStep:
    row["failure_class"] = FailureClass(row["failure_class"]) if row["failure_class"] else None
    row["failure_code"] = FailureCode(row["failure_code"]) if row["failure_code"] else None
    return FailingStep(**row)


def _frontier(row: DictRow, steps: list[StepFrontier], parents: list[ParentCandidate]) -> RunFrontier:
    ceilings = Ceilings(
        images=row.pop("ceiling_images"),
        gpu_seconds=row.pop("ceiling_gpu_seconds"),
        deadline=row.pop("ceiling_deadline"),
    )
    row["seed_start"] = seed_start(row.pop("seed"))
    row["profile"] = Profile(row["profile"])
    row["policy"] = row["policy"] and RunPolicy(row["policy"])
    row["raffle"] = Raffle.model_validate(row["raffle"])
    row["status"] = RunStatus(row["status"])
    return RunFrontier(
        **row,
        ceilings=NO_CEILINGS if ceilings == NO_CEILINGS else ceilings,
        steps=tuple(steps),
        candidates=tuple(parents),
    )
