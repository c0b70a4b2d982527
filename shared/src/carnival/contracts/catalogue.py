"""Every event there is: its wire name, its version, its one writer. Reading this table is reading the system."""

from __future__ import annotations

from collections.abc import Mapping
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

API: Final = "curation-api"
SELECTOR: Final = "selector"
GATEWAY: Final = "comfy-gateway"
PROJECTOR: Final = "projector"

WRITERS: Final[Mapping[type[Event], frozenset[str]]] = {
    PipelineDefined: frozenset({API}),
    RunStarted: frozenset({API}),
    TreeAdopted: frozenset({API}),
    RunChanged: frozenset({API}),
    RunPaused: frozenset({API}),
    RunResumed: frozenset({API}),
    RunCompleted: frozenset({API}),
    StepApproved: frozenset({API}),
    StepPaused: frozenset({SELECTOR}),
    StepResumed: frozenset({API}),
    WinnerChosen: frozenset({API}),
    WinnerCleared: frozenset({API}),
    JobRequested: frozenset({SELECTOR}),
    JobCancelled: frozenset({SELECTOR}),
    JobSubmitted: frozenset({GATEWAY}),
    AttemptFailed: frozenset({GATEWAY}),
    ImageProduced: frozenset({GATEWAY}),
    JobFailed: frozenset({GATEWAY}),
    VoteCast: frozenset({API}),
    VoteRetracted: frozenset({API}),
    GuestVotesMerged: frozenset({API}),
    GuestVotesSeparated: frozenset({API}),
    CandidateRejected: frozenset({API, SELECTOR}),
    CandidateRestored: frozenset({API}),
    ImagesDiscarded: frozenset({API}),
    RescoringRequested: frozenset({API}),
    RescoringFinished: frozenset({PROJECTOR}),
    RescoringDropped: frozenset({API}),
    RatingSystemPromoted: frozenset({API}),
    TokenIssued: frozenset({API}),
    TokenRevoked: frozenset({API}),
    CommandAnswered: frozenset({API}),
    GuestLinkIssued: frozenset({API}),
    GuestLinkRevoked: frozenset({API}),
    DrainRequested: frozenset({API}),
    DrainWithdrawn: frozenset({API}),
    WebhookCreated: frozenset({API}),
    WebhookDeleted: frozenset({API}),
    WebhookDeliveryAbandoned: frozenset({API}),
    WebhookRedelivered: frozenset({API}),
}

CATALOGUE: Final[Mapping[str, type[Event]]] = {event.wire_name: event for event in WRITERS}
