"""A run as a whole: its start, settings, pauses, approvals and end."""

from __future__ import annotations

from carnival.contracts.rating import RatingChoice
from carnival.contracts.run import (
    Profile,
    RunChanged,
    RunCompleted,
    RunPaused,
    RunResumed,
    RunStarted,
    StepApproved,
    StepPaused,
    StepResumed,
)
from carnival.contracts.verdict import VoidReason
from projector.domain import rating
from projector.domain.ratings.choosing import is_known
from projector.domain.read_model import Fact, ReadModel, narrowed
from projector.domain.rows import Column, Run, RunStatus, link_columns
from projector.domain.texts import storable


def start(model: ReadModel, event: RunStarted, fact: Fact) -> VoidReason | None:
    """A new run gets an empty column for each step of its pipeline version (MOD-3)."""
    known = model.runs.get(event.run_id)
    if known is not None:
        known.last_position = fact.position
        model.changes.runs[known] = None
        return VoidReason.RUN_EXISTS
    version = model.pipelines.get(event.pipeline_id, {}).get(event.pipeline_version)
    if version is None:
        return VoidReason.UNKNOWN_PIPELINE
    if not _can_rate(event.rating):
        return VoidReason.UNKNOWN_RATING_SYSTEM
    columns = link_columns(event.run_id, version.orders)
    run = Run(
        run_id=event.run_id,
        gated=event.profile is Profile.GATED,
        name=storable(event.name),
        n=event.n,
        t=event.t,
        ceilings=event.ceilings,
        rating=event.rating,
        policy=event.policy,
        raffle=event.raffle,
        last_job_number=event.origin.last_job_number if event.origin else 0,
        last_position=fact.position,
        started=narrowed(fact, event),
        first=next(iter(columns.values()), None),
        columns=columns,
    )
    model.runs[run.run_id] = run
    model.changes.runs[run] = None
    model.changes.columns.update(dict.fromkeys(columns.values()))
    return None


def change(model: ReadModel, run: Run, event: RunChanged) -> VoidReason | None:
    if run.status is RunStatus.COMPLETED:
        return VoidReason.RUN_COMPLETED
    if not _can_rate(event.rating):
        return VoidReason.UNKNOWN_RATING_SYSTEM
    before, rated_before = _settings(run), run.rating
    run.name = run.name if event.name is None else storable(event.name)
    run.n = run.n if event.n is None else event.n
    run.t = run.t if event.t is None else event.t
    run.ceilings = run.ceilings if event.ceilings is None else event.ceilings
    run.rating = None if event.follows_promoted else event.rating or run.rating
    run.policy = event.policy or run.policy
    run.raffle = event.raffle or run.raffle
    if run.rating != rated_before:
        rating.start_run_over(model, run)
    return VoidReason.NOTHING_CHANGES if before == _settings(run) else None


def pause(run: Run, event: RunPaused) -> VoidReason | None:
    """RUN-8. The state is the run's own, so it survives every restart."""
    if run.status is RunStatus.COMPLETED:
        return VoidReason.RUN_COMPLETED
    if run.paused:
        return VoidReason.NOTHING_CHANGES
    run.paused, run.pause_reason = True, storable(event.reason)
    return None


def resume(run: Run, _: RunResumed) -> VoidReason | None:
    if run.status is RunStatus.COMPLETED:
        return VoidReason.RUN_COMPLETED
    if not run.paused:
        return VoidReason.NOTHING_CHANGES
    run.paused, run.pause_reason = False, ""
    return None


def complete(run: Run, _: RunCompleted) -> VoidReason | None:
    """RUN-5: open jobs stay open, they finish and are registered."""
    if run.status is RunStatus.COMPLETED:
        return VoidReason.RUN_COMPLETED
    run.status = RunStatus.COMPLETED
    return None


def approve_step(model: ReadModel, run: Run, event: StepApproved, fact: Fact) -> VoidReason | None:
    """An approval is final (GATE-8); the final step needs none (GATE-2)."""
    column = _column_to_change(run, event.step_order)
    if isinstance(column, VoidReason):
        return column
    if not run.gated:
        return VoidReason.NOT_GATED
    if column.is_final:
        return VoidReason.FINAL_STEP
    if column.approved_k is not None:
        return VoidReason.ALREADY_APPROVED
    column.approved_k, column.approved_position = event.k, fact.position
    model.changes.columns[column] = None
    return None


def pause_step(model: ReadModel, run: Run, event: StepPaused) -> VoidReason | None:
    column = _column_to_change(run, event.step_order)
    if isinstance(column, VoidReason):
        return column
    if column.paused:
        return VoidReason.NOTHING_CHANGES
    column.paused, column.pause_reason = True, storable(event.reason)
    model.changes.columns[column] = None
    return None


def resume_step(model: ReadModel, run: Run, event: StepResumed) -> VoidReason | None:
    """Counting starts anew; the last failure stays to be seen."""
    column = _column_to_change(run, event.step_order)
    if isinstance(column, VoidReason):
        return column
    if not column.paused:
        return VoidReason.NOTHING_CHANGES
    column.paused, column.pause_reason, column.consecutive_failures = False, "", 0
    model.changes.columns[column] = None
    return None


def _settings(run: Run) -> tuple[object, ...]:
    """What RunChanged may change."""
    return (run.name, run.n, run.t, run.ceilings, run.rating, run.policy, run.raffle)


def _can_rate(choice: RatingChoice | None) -> bool:
    return choice is None or is_known(choice.system, choice.settings)


def _column_to_change(run: Run, order: int) -> Column | VoidReason:
    column = run.columns.get(order)
    if column is None:
        return VoidReason.UNKNOWN_STEP
    return VoidReason.RUN_COMPLETED if run.status is RunStatus.COMPLETED else column
