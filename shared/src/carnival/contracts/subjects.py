"""The only place that spells a subject.

`carnival.events.<category>.<id>.<EventType>`, and for events about jobs the pool as a last token, so that the gateways
of one pool consume just their work. Subjects below one run stay few: the server walks them for every expectation.
"""

from __future__ import annotations

from typing import Final

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
from carnival.contracts.ids import PipelineId, RunId
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
from carnival.contracts.vote import GuestVotesMerged, GuestVotesSeparated, VoteCast, VoteRetracted

STREAM: Final = "CARNIVAL"
ROOT: Final = "carnival.events"
EVERYTHING: Final = f"{ROOT}.>"
ACCESS: Final = f"{ROOT}.access.>"
"""Who may use the hub."""
ALL_OF_RATING: Final = f"{ROOT}.rating.>"
"""Which rating systems were computed and promoted."""
ALL_OF_PIPELINES: Final = f"{ROOT}.pipeline.>"
"""Every version of every pipeline."""
COMMAND_SHARD: Final = 2
"""Digits of a command's id in its subject: 256 subjects in all, however many commands there are."""
FLEET: Final = f"{ROOT}.fleet.>"
"""What operators want of gateways and servers."""
ALL_OF_FLEET: Final = f"{ROOT}.fleet.*.>"
"""The same, as a permission that covers each gateway's part."""

_RUN_PREFIX: Final = f"{ROOT}.run."

PROJECTED: Final = "carnival.notices.projected"
PROGRESS: Final = "carnival.notices.progress"
PRESENCE_BUCKET: Final = "CARNIVAL_PRESENCE"
CAPABILITIES_BUCKET: Final = "CARNIVAL_CAPABILITIES"
HEALTH_BUCKET: Final = "CARNIVAL_HEALTH"
"""By gateway and node what the gateway holds against the server; only it reads this."""
LEASE_BUCKET: Final = "CARNIVAL_LEASES"
SKIP_BUCKET: Final = "CARNIVAL_SKIPS"
WORK_BUCKET: Final = "CARNIVAL_WORK"
PREVIEW_BUCKET: Final = "CARNIVAL_PREVIEWS"
"""By job id the newest unfinished picture: the bytes of a small JPEG or PNG file."""
SIGN_IN_BUCKET: Final = "CARNIVAL_SIGN_INS"
NEXT_DECISION: Final = "carnival.requests.next_decision"
RUN_AT: Final = "carnival.requests.run_at"
WHAT_IF: Final = "carnival.requests.what_if"


def subject_of(event: Event) -> str:
    """Where an event is published."""
    match event:
        case PipelineDefined():
            return f"{ROOT}.pipeline.{event.pipeline_id}.{event.wire_name}"
        case JobRequested() | JobCancelled() | JobSubmitted() | AttemptFailed() | ImageProduced() | JobFailed():
            return f"{ROOT}.run.{event.run_id}.{event.wire_name}.{event.pool}"
        case (
            RunStarted()
            | TreeAdopted()
            | RunChanged()
            | RunPaused()
            | RunResumed()
            | RunCompleted()
            | StepApproved()
            | StepPaused()
            | StepResumed()
            | WinnerChosen()
            | WinnerCleared()
            | VoteCast()
            | VoteRetracted()
            | GuestVotesMerged()
            | GuestVotesSeparated()
            | CandidateRejected()
            | CandidateRestored()
            | ImagesDiscarded()
        ):
            return f"{ROOT}.run.{event.run_id}.{event.wire_name}"
        case RescoringRequested() | RescoringFinished() | RescoringDropped() | RatingSystemPromoted():
            return f"{ROOT}.rating.{event.system}.{event.wire_name}"
        case TokenIssued() | TokenRevoked():
            return f"{ROOT}.access.{event.token_id}.{event.wire_name}"
        case CommandAnswered():
            return f"{ROOT}.command.{event.command_id[:COMMAND_SHARD]}.{event.wire_name}"
        case GuestLinkIssued() | GuestLinkRevoked():
            return f"{ROOT}.access.{event.link_id}.{event.wire_name}"
        case DrainRequested() | DrainWithdrawn():
            return f"{ROOT}.fleet.{event.gateway}.{event.wire_name}"
        case WebhookCreated() | WebhookDeleted() | WebhookDeliveryAbandoned() | WebhookRedelivered():
            return f"{ROOT}.access.{event.webhook_id}.{event.wire_name}"
        case _:
            raise TypeError(f"{type(event).__name__} has no subject")


def every_subject_of(event: type[Event], run_id: RunId | None = None) -> str:
    """Where events of this kind, of one run or of all, may be published: what they have to fill in is a wildcard."""
    known = {"run_id": run_id} if run_id else {}
    return subject_of(event.model_construct(None, **dict.fromkeys(event.model_fields, "*") | known))


def names_event(subject: str) -> str:
    """The event type that a subject of the log is for; empty for a subject of another form."""
    tokens = subject.split(".", 5)
    return tokens[4] if len(tokens) > 4 else ""


def run_of(subject: str) -> RunId | None:
    """The run that a subject belongs to."""
    return RunId(subject[len(_RUN_PREFIX) :].split(".", 1)[0]) if subject.startswith(_RUN_PREFIX) else None


def is_about_access(subject: str) -> bool:
    """Whether an event of this subject says who may use the hub."""
    return subject.startswith(ACCESS.removesuffix(">"))


def is_about_pipelines(subject: str) -> bool:
    """Whether an event of this subject defines a pipeline."""
    return subject.startswith(ALL_OF_PIPELINES.removesuffix(">"))


def all_of_gateway(gateway: str) -> str:
    return f"{ROOT}.fleet.{gateway}.>"


def all_of_pipeline(pipeline_id: PipelineId) -> str:
    return f"{ROOT}.pipeline.{pipeline_id}.>"


def all_of_run(run_id: RunId) -> str:
    """Everything of one run: the filter of the selector's expectation (SEL-11)."""
    return f"{ROOT}.run.{run_id}.>"


def one_of_run(run_id: RunId, event: type[Event], pool: str | None = None) -> str:
    """One kind of event of one run; `pool` for events about jobs."""
    return f"{ROOT}.run.{run_id}.{event.wire_name}" + (f".{pool}" if pool else "")


def every_run(event: type[Event], pool: str | None = None) -> str:
    """One kind of event of all runs; `pool` for events about jobs."""
    return f"{ROOT}.run.*.{event.wire_name}" + (f".{pool}" if pool else "")


def every_place(event: type[Event], run_id: RunId | None = None) -> tuple[str, str]:
    """One kind of event of one run, or wherever it happens; with a pool as last token and without."""
    where = f"{ROOT}.run.{run_id}" if run_id else f"{ROOT}.*.*"
    return (f"{where}.{event.wire_name}", f"{where}.{event.wire_name}.*")
