"""The fold's rows as tuples: `new_*` in the column order of the INSERT files, `changed_*` in that of the UPDATEs."""

from __future__ import annotations

import json

from pydantic import JsonValue

from carnival.contracts.envelope import Recorded
from carnival.contracts.pipeline import PipelineDefined
from carnival.contracts.rating import RatingChoice
from projector.adapters.literals import Row
from projector.application.ports import Command, Parked
from projector.domain.read_model import Promotion, Rescoring, Void
from projector.domain.rows import Candidate, Column, Job, Run, Vote
from projector.domain.texts import storable, storable_json


class AlreadyWritten(AssertionError):
    """A row without the event it was born from can only be updated."""


def new_pipeline(defined: Recorded[PipelineDefined]) -> Row:
    event = defined.event
    name, description = storable(event.name), storable(event.description)
    variables = json.dumps([storable_json(one.model_dump(mode="json")) for one in event.variables])
    return (event.pipeline_id, event.version, name, description, defined.meta.time, variables, defined.position)


def new_steps(defined: Recorded[PipelineDefined]) -> list[Row]:
    event = defined.event
    return [
        (
            event.pipeline_id,
            event.version,
            step.order,
            storable(step.name),
            storable(step.slug),
            step.pool,
            step.needs_prompt,
            step.needs_parent,
            step.needs_variables,
            step.child_cap,
            None if step.result_node is None else storable(step.result_node),
            storable(step.template),
        )
        for step in event.steps
    ]


def new_run(run: Run) -> Row:
    if run.started is None:
        raise AlreadyWritten(run.run_id)
    event = run.started.event
    return (
        run.run_id,
        event.pipeline_id,
        event.pipeline_version,
        run.name,
        None if event.prompt is None else storable(event.prompt),
        _json(event.variables),
        storable(event.folder),
        event.profile.value,
        run.status.value,
        run.paused,
        run.pause_reason,
        run.n,
        run.t,
        run.ceilings.images,
        run.ceilings.gpu_seconds,
        run.ceilings.deadline,
        run.last_job_number,
        run.open_jobs,
        run.open_live_jobs,
        run.live_finals,
        run.images,
        run.votes,
        run.gpu_seconds,
        run.winner_id,
        _rating(run.rating),
        event.cell.matrix_id if event.cell else None,
        _json(event.cell.model_dump(mode="json")) if event.cell else None,
        run.started.meta.time,
        run.started.position,
        run.last_position,
        run.served_position,
        None if event.origin is None else _json(event.origin.model_dump(mode="json")),
        run.policy,
        run.raffle.model_dump_json(),
    )


def changed_run(run: Run) -> Row:
    return (
        run.run_id,
        run.name,
        run.status.value,
        run.paused,
        run.pause_reason,
        run.n,
        run.t,
        run.ceilings.images,
        run.ceilings.gpu_seconds,
        run.ceilings.deadline,
        run.last_job_number,
        run.open_jobs,
        run.open_live_jobs,
        run.live_finals,
        run.images,
        run.votes,
        run.gpu_seconds,
        run.winner_id,
        _rating(run.rating),
        run.last_position,
        run.served_position,
        run.policy,
        run.raffle.model_dump_json(),
    )


def column_row(column: Column) -> Row:
    """A row of `run_steps`; new and changed rows have the same columns."""
    return (
        column.run_id,
        column.order,
        column.approved_k,
        column.approved_position,
        column.paused,
        column.pause_reason,
        column.consecutive_failures,
        column.last_failure_class,
        column.last_failure_code,
        column.last_failure_message,
        column.outage_at_job,
        column.live,
        column.rejected,
        column.dead,
        column.open_jobs,
    )


def new_candidate(candidate: Candidate) -> Row:
    if candidate.birth is None:
        raise AlreadyWritten(candidate.candidate_id)
    birth, column = candidate.birth, candidate.column
    image = birth.image
    return (
        candidate.candidate_id,
        column.run_id,
        column.order,
        column.is_final,
        candidate.parent.candidate_id if candidate.parent else None,
        candidate.root_id,
        candidate.depth,
        birth.job_id,
        birth.job_number,
        _status(candidate),
        candidate.live,
        candidate.reject_reason,
        candidate.reject_note,
        candidate.reject_walk,
        candidate.rating,
        candidate.votes,
        candidate.both_bad,
        candidate.failures,
        len(candidate.offspring),
        candidate.live_children,
        candidate.open_jobs,
        image.place,
        image.sha256,
        image.pixel_sha256,
        candidate.same_as,
        image.size_bytes,
        image.width,
        image.height,
        image.media_type,
        candidate.discarded,
        candidate.down_since,
        birth.seed,
        birth.node,
        birth.gpu_seconds,
        birth.created_at,
        birth.position,
        birth.source_id,
    )


def changed_candidate(candidate: Candidate) -> Row:
    return (
        candidate.candidate_id,
        _status(candidate),
        candidate.live,
        candidate.reject_reason,
        candidate.reject_note,
        candidate.reject_walk,
        candidate.rating,
        candidate.votes,
        candidate.both_bad,
        candidate.failures,
        len(candidate.offspring),
        candidate.live_children,
        candidate.open_jobs,
        candidate.discarded,
        candidate.down_since,
    )


def new_job(job: Job) -> Row:
    if job.requested is None:
        raise AlreadyWritten(job.job_id)
    event = job.requested.event
    return (
        job.job_id,
        job.run_id,
        job.number,
        job.column.order,
        job.parent.candidate_id if job.parent else None,
        event.pool,
        job.state.value,
        job.seed,
        event.decision.mode.value,
        storable(event.decision.model_dump_json()),
        job.gateway,
        job.node,
        job.prompt_id,
        job.attempt,
        job.failure_class,
        job.failure_code,
        job.message,
        job.cancel_reason,
        job.candidate_id,
        job.gpu_seconds,
        job.requested.meta.time,
        job.submitted_at,
        job.ended_at,
        job.requested.position,
    )


def changed_job(job: Job) -> Row:
    return (
        job.job_id,
        job.state.value,
        job.gateway,
        job.node,
        job.prompt_id,
        job.attempt,
        job.failure_class,
        job.failure_code,
        job.message,
        job.cancel_reason,
        job.candidate_id,
        job.gpu_seconds,
        job.submitted_at,
        job.ended_at,
    )


def new_vote(vote: Vote) -> Row:
    cast = vote.cast
    if cast is None:
        raise AlreadyWritten(vote.vote_id)
    return (
        vote.vote_id,
        vote.run_id,
        vote.step_order,
        vote.voter,
        cast.left_id,
        cast.right_id,
        cast.outcome.value,
        cast.milliseconds,
        vote.retracted,
        vote.guest_link,
        vote.merged,
        cast.cast_at,
        vote.position,
    )


def changed_vote(vote: Vote) -> Row:
    return (vote.vote_id, vote.retracted, vote.merged)


def new_command(command: Command) -> Row:
    return (command.event_id, command.position, command.subject)


def new_void(void: Void) -> Row:
    return (void.position, void.run_id, void.type, void.reason.value)


def new_parked(parked: Parked) -> Row:
    return (parked.position, parked.subject, storable(parked.reason), _json(dict(parked.headers)), parked.body)


def rescoring_row(rescoring: Rescoring) -> Row:
    return (
        rescoring.rescoring_id,
        rescoring.system,
        _json(rescoring.settings),
        rescoring.state,
        rescoring.up_to,
        rescoring.votes,
        rescoring.digest,
        None if rescoring.comparison is None else rescoring.comparison.model_dump_json(),
        rescoring.position,
    )


def promotion_values(promotion: Promotion) -> dict[str, str | int | None]:
    """The row of `rating_system`, by name."""
    return {
        "rescoring_id": promotion.rescoring_id,
        "system": promotion.system,
        "settings": _json(promotion.settings),
        "position": promotion.position,
    }


def _rating(choice: RatingChoice | None) -> str | None:
    return None if choice is None else _json(choice.model_dump(mode="json"))


def _status(candidate: Candidate) -> str:
    return "rejected" if candidate.rejected else "active"


def _json(value: JsonValue) -> str:
    return json.dumps(storable_json(value), ensure_ascii=False)
