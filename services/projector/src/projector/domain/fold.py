"""One event at a time: the read model after it, or the reason why the event has no effect there."""

from __future__ import annotations

from typing import Final, get_args

from typing_extensions import TypeIs

from carnival.contracts.access import (
    GuestLinkIssued,
    GuestLinkRevoked,
    TokenIssued,
    TokenRevoked,
    WebhookCreated,
    WebhookDeleted,
    WebhookDeliveryAbandoned,
    WebhookRedelivered,
)
from carnival.contracts.adoption import TreeAdopted
from carnival.contracts.candidate import CandidateRejected, CandidateRestored, ImagesDiscarded
from carnival.contracts.command import CommandAnswered
from carnival.contracts.drain import DrainRequested, DrainWithdrawn
from carnival.contracts.envelope import Event
from carnival.contracts.ids import Position, RunId
from carnival.contracts.job import AttemptFailed, ImageProduced, JobCancelled, JobFailed, JobRequested, JobSubmitted
from carnival.contracts.pipeline import PipelineDefined
from carnival.contracts.rating import RatingSystemPromoted, RescoringDropped, RescoringFinished, RescoringRequested
from carnival.contracts.run import (
    RunChanged,
    RunCompleted,
    RunPaused,
    RunResumed,
    RunStarted,
    StepApproved,
    StepPaused,
    StepResumed,
    WinnerChosen,
    WinnerCleared,
)
from carnival.contracts.verdict import VoidReason
from carnival.contracts.vote import GuestVotesMerged, GuestVotesSeparated, VoteCast, VoteRetracted
from projector.domain import adoption, guest_votes, jobs, pipelines, rejections, rescorings, runs, votes, winners
from projector.domain.read_model import Fact, ReadModel, UnusableEvent, Void
from projector.domain.rows import Run, StandingVote

VERSION: Final = 9
"""Raise it whenever the same log would give other rows: the projector then rebuilds the read model by itself."""

RunEvent = (
    VoteCast
    | JobSubmitted
    | JobRequested
    | ImageProduced
    | CandidateRejected
    | JobCancelled
    | AttemptFailed
    | JobFailed
    | VoteRetracted
    | CandidateRestored
    | ImagesDiscarded
    | RunChanged
    | RunPaused
    | RunResumed
    | RunCompleted
    | StepApproved
    | StepPaused
    | StepResumed
    | WinnerChosen
    | WinnerCleared
    | GuestVotesMerged
    | GuestVotesSeparated
    | TreeAdopted
)
"""What happens inside a run, the frequent first."""

_IN_RUNS: Final = frozenset(get_args(RunEvent))


def is_in_run(event: Event) -> TypeIs[RunEvent]:
    """Whether it happens inside a run. By its very class: `isinstance` of a pydantic model costs far more."""
    return type(event) in _IN_RUNS


def apply(model: ReadModel, fact: Fact) -> VoidReason | None:
    """Change `model` by one fact; None, or why the fact is void.

    Raises UnusableEvent before anything is changed. Void facts move the run's `last_position` as well, because
    writers state that position when they append.
    """
    event = fact.event
    run_id: RunId | None = None
    if is_in_run(event):
        run_id = event.run_id
        run = model.runs.get(run_id)
        if run is None:
            reason = VoidReason.UNKNOWN_RUN
        else:
            reason = _apply_to_run(model, run, event, fact)
            run.last_position = fact.position
            model.changes.runs[run] = None
    else:
        run_id = event.run_id if isinstance(event, RunStarted) else None
        reason = _apply_outside_runs(model, event, fact)
    if reason is not None:
        model.changes.voids.append(Void(fact.position, run_id, event.wire_name, reason))
    return reason


def apply_standing(model: ReadModel, run: Run, vote: StandingVote) -> None:
    """What `apply` does for a vote that is not void, without judging it again."""
    votes.let_stand(model, run, vote)
    run.last_position = vote.position
    model.changes.runs[run] = None


def pass_over(model: ReadModel, run_id: RunId | None, position: Position) -> None:
    """An entry of this run that cannot be applied: the run's last position moves all the same."""
    run = model.runs.get(run_id) if run_id else None
    if run is not None:
        run.last_position = position
        model.changes.runs[run] = None


def _apply_outside_runs(model: ReadModel, event: Event, fact: Fact) -> VoidReason | None:
    match event:
        case RunStarted():
            return runs.start(model, event, fact)
        case PipelineDefined():
            return pipelines.define(model, event, fact)
        case RescoringRequested():
            return rescorings.request(model, event, fact)
        case RescoringFinished():
            return rescorings.finish(model, event)
        case RatingSystemPromoted():
            return rescorings.promote(model, event, fact)
        case RescoringDropped():
            return rescorings.drop(model, event)
        case TokenIssued() | TokenRevoked() | GuestLinkIssued() | GuestLinkRevoked() | CommandAnswered():
            return None
        case DrainRequested() | DrainWithdrawn():
            return None
        case WebhookCreated() | WebhookDeleted() | WebhookDeliveryAbandoned() | WebhookRedelivered():
            return None
        case _:
            raise UnusableEvent(f"the fold has no branch for {event.wire_name}")


def _apply_to_run(model: ReadModel, run: Run, event: RunEvent, fact: Fact) -> VoidReason | None:
    match event:
        case VoteCast():
            return votes.cast(model, run, event, fact)
        case JobSubmitted():
            return jobs.submit(model, run, event, fact)
        case JobRequested():
            return jobs.request(model, run, event, fact)
        case ImageProduced():
            return jobs.produce(model, run, event, fact)
        case CandidateRejected():
            return rejections.reject(model, run, event, fact)
        case JobCancelled():
            return jobs.cancel(model, run, event, fact)
        case AttemptFailed():
            return jobs.fail_attempt(model, run, event)
        case JobFailed():
            return jobs.fail(model, run, event, fact)
        case VoteRetracted():
            return votes.retract(model, run, event)
        case CandidateRestored():
            return rejections.restore(model, run, event, fact)
        case ImagesDiscarded():
            return rejections.discard(model, run, event)
        case RunChanged():
            return runs.change(model, run, event)
        case RunPaused():
            return runs.pause(run, event)
        case RunResumed():
            return runs.resume(run, event)
        case RunCompleted():
            return runs.complete(run, event)
        case StepApproved():
            return runs.approve_step(model, run, event, fact)
        case StepPaused():
            return runs.pause_step(model, run, event)
        case StepResumed():
            return runs.resume_step(model, run, event)
        case WinnerChosen():
            return winners.choose(run, event)
        case WinnerCleared():
            return winners.clear(run, event)
        case GuestVotesMerged():
            return guest_votes.merge(model, run, event)
        case GuestVotesSeparated():
            return guest_votes.separate(model, run, event)
        case TreeAdopted():
            return adoption.adopt(model, run, event)
