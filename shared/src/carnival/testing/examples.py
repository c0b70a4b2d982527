"""Example events with sensible fields, so that tests state only what they are about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from carnival.contracts.access import (
    GuestLinkIssued,
    GuestLinkRevoked,
    Role,
    TokenIssued,
    TokenRevoked,
    WebhookCreated,
    WebhookDeleted,
    WebhookDeliveryAbandoned,
    WebhookRedelivered,
)
from carnival.contracts.adoption import AdoptedCandidate, AdoptedVote, TreeAdopted
from carnival.contracts.candidate import CandidateRejected, CandidateRestored, ImagesDiscarded
from carnival.contracts.command import CommandAnswered, GivenRefusal
from carnival.contracts.drain import DrainRequested, DrainWithdrawn
from carnival.contracts.envelope import Event, Metadata
from carnival.contracts.ids import (
    CandidateId,
    EventId,
    GuestLinkId,
    JobId,
    PipelineId,
    Position,
    RunId,
    TokenId,
    VoteId,
    WebhookId,
    derived_id,
    fresh_id,
)
from carnival.contracts.job import (
    AttemptFailed,
    CancelReason,
    Decision,
    FailureClass,
    FailureCode,
    ImageProduced,
    JobCancelled,
    JobFailed,
    JobRequested,
    JobSubmitted,
    ParentImage,
    SelectionMode,
    StoredImage,
)
from carnival.contracts.pipeline import PipelineDefined, StepDefinition
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
from carnival.contracts.vote import GuestVotesMerged, GuestVotesSeparated, Outcome, VoteCast, VoteRetracted

PIPELINE: Final = PipelineId("p1")
RUN: Final = RunId("r1")
TOKEN: Final = TokenId("t1")
COMMAND: Final = "c0" * 16
LINK: Final = GuestLinkId("g1")
GATEWAY: Final = "g1"
WEBHOOK: Final = WebhookId("w1")
NOON: Final = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
TEMPLATE: Final = json.dumps(
    {
        "draw": {
            "class_type": "EmptyImage",
            "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": "{{auto_seed}}"},
        },
        "save": {"class_type": "SaveImage", "inputs": {"images": ["draw", 0], "filename_prefix": "image"}},
    }
)


M = TypeVar("M", bound=BaseModel)


def made(model: type[M], defaults: Mapping[str, Any], fields: Mapping[str, Any]) -> M:
    return model.model_validate({**defaults, **fields})


def meta(source: str = "test", event_id: str | None = None, **fields: Any) -> Metadata:
    identity = EventId(event_id or fresh_id())
    return Metadata(event_id=identity, source=source, time=NOON, correlation_id=identity)._replace(**fields)


def step(order: int, name: str = "", **fields: Any) -> StepDefinition:
    name = name or f"Step {order}"
    return made(StepDefinition, {"order": order, "name": name, "slug": f"step-{order}", "template": TEMPLATE}, fields)


def pipeline_defined(*steps: StepDefinition, **fields: Any) -> PipelineDefined:
    chosen = steps or (step(1, "Base"), step(2, "Face Fix", needs_parent=True), step(3, "Upscale", needs_parent=True))
    return made(PipelineDefined, {"pipeline_id": PIPELINE, "version": 1, "name": "Portrait", "steps": chosen}, fields)


def run_started(**fields: Any) -> RunStarted:
    base: dict[str, Any] = {
        "run_id": RUN,
        "pipeline_id": PIPELINE,
        "pipeline_version": 1,
        "pipeline_position": Position(1),
        "name": "Gym Shoot",
        "prompt": "a gym",
        "variables": {"prompt": "a gym"},
        "folder": "2026-01-01-gym-shoot",
        "n": 5,
        "t": 10,
    }
    return made(RunStarted, base, fields)


def job_requested(number: int = 1, parent: CandidateId | None = None, **fields: Any) -> JobRequested:
    base: dict[str, Any] = {
        "run_id": RUN,
        "job_id": JobId(f"j{number}"),
        "number": number,
        "step_order": 1,
        "pool": "default",
        "parent": ParentImage(candidate_id=parent, place=f"f/{parent}.png", sha256="0" * 64) if parent else None,
        "seed": 1_000_000 + number,
        "random": 7,
        "moment_ms": int(NOON.timestamp() * 1000),
        "decision": Decision(
            mode=SelectionMode.CHILD_GENERATION if parent else SelectionMode.BASE_GENERATION,
            policy="round_robin",
            read_position=Position(2),
        ),
    }
    return made(JobRequested, base, fields)


def candidate_of(job_id: str) -> CandidateId:
    return CandidateId(derived_id("candidate", job_id))


def job_submitted(number: int = 1, **fields: Any) -> JobSubmitted:
    base: dict[str, Any] = {
        "run_id": RUN,
        "job_id": JobId(f"j{number}"),
        "pool": "default",
        "gateway": "g1",
        "node": "n1",
    }
    return made(JobSubmitted, base | {"prompt_id": f"prompt-{number}", "attempt": 1}, fields)


def image_produced(number: int = 1, parent_id: CandidateId | None = None, **fields: Any) -> ImageProduced:
    job_id = JobId(f"j{number}")
    base: dict[str, Any] = {
        "run_id": RUN,
        "job_id": job_id,
        "candidate_id": candidate_of(job_id),
        "step_order": 1,
        "parent_id": parent_id,
        "pool": "default",
        "gateway": "g1",
        "node": "n1",
        "attempt": 1,
        "image": StoredImage(place=f"f/{job_id}.png", sha256="0" * 64, size_bytes=100, width=64, height=64),
        "gpu_seconds": 0.5,
    }
    return made(ImageProduced, base, fields)


def attempt_failed(number: int = 1, **fields: Any) -> AttemptFailed:
    base: dict[str, Any] = {
        "run_id": RUN,
        "job_id": JobId(f"j{number}"),
        "pool": "default",
        "gateway": "g1",
        "node": "n1",
        "attempt": 1,
        "failure_class": FailureClass.MEMORY,
        "code": FailureCode.OUT_OF_MEMORY,
        "message": "Allocation on device",
        "memory_total": 8 * 1024**3,
    }
    return made(AttemptFailed, base, fields)


def job_failed(number: int = 1, **fields: Any) -> JobFailed:
    base: dict[str, Any] = {
        "run_id": RUN,
        "job_id": JobId(f"j{number}"),
        "pool": "default",
        "gateway": "g1",
        "node": "n1",
        "attempt": 1,
        "failure_class": FailureClass.CONTENT,
        "code": FailureCode.EXECUTION_ERROR,
        "message": "it broke",
    }
    return made(JobFailed, base, fields)


def job_cancelled(number: int = 1, **fields: Any) -> JobCancelled:
    base: dict[str, Any] = {"run_id": RUN, "job_id": JobId(f"j{number}"), "pool": "default"}
    return made(JobCancelled, base | {"reason": CancelReason.BRANCH_REJECTED}, fields)


def vote_cast(left: CandidateId, right: CandidateId, outcome: Outcome = Outcome.LEFT, **fields: Any) -> VoteCast:
    base: dict[str, Any] = {"vote_id": VoteId(fresh_id()), "run_id": RUN, "step_order": 1, "voter": "ada"}
    return made(VoteCast, base | {"left_id": left, "right_id": right, "outcome": outcome}, fields)


def adopted(number: int, parent_id: CandidateId | None = None, **fields: Any) -> AdoptedCandidate:
    base: dict[str, Any] = {
        "candidate_id": CandidateId(f"a{number}"),
        "source_id": candidate_of(f"j{number}"),
        "step_order": 1,
        "parent_id": parent_id,
        "job_id": JobId(f"j{number}"),
        "job_number": number,
        "seed": 1_000_000 + number,
        "node": "n1",
        "gpu_seconds": 0.5,
        "image": StoredImage(place=f"f/j{number}.png", sha256="0" * 64, size_bytes=100, width=64, height=64),
        "created_at": NOON,
        "position": Position(number),
    }
    return made(AdoptedCandidate, base, fields)


def adopted_vote(number: int, left: int, right: int, **fields: Any) -> AdoptedVote:
    base: dict[str, Any] = {
        "vote_id": VoteId(f"av{number}"),
        "step_order": 1,
        "voter": "ada",
        "left_id": CandidateId(f"a{left}"),
        "right_id": CandidateId(f"a{right}"),
        "outcome": Outcome.LEFT,
        "cast_at": NOON,
        "position": Position(number),
    }
    return made(AdoptedVote, base, fields)


def tree_adopted(**fields: Any) -> TreeAdopted:
    base: dict[str, Any] = {"run_id": RUN, "candidates": (adopted(1), adopted(2)), "votes": (adopted_vote(3, 1, 2),)}
    return made(TreeAdopted, base, fields)


def token_issued(**fields: Any) -> TokenIssued:
    base: dict[str, Any] = {"token_id": TOKEN, "name": "ada", "role": Role.VOTER, "secret_sha256": "0" * 64}
    return made(TokenIssued, base, fields)


def guest_link_issued(**fields: Any) -> GuestLinkIssued:
    base: dict[str, Any] = {"link_id": LINK, "run_id": RUN, "label": "friends", "secret_sha256": "0" * 64}
    return made(GuestLinkIssued, base | {"expires_at": datetime(2026, 4, 1, tzinfo=UTC)}, fields)


def one_of_each() -> list[Event]:
    """One event of every kind in the catalogue."""
    one, two = candidate_of("j1"), candidate_of("j2")
    return [
        pipeline_defined(),
        run_started(),
        tree_adopted(),
        RunChanged(run_id=RUN, n=3),
        RunPaused(run_id=RUN, reason="lunch"),
        RunResumed(run_id=RUN),
        RunCompleted(run_id=RUN),
        StepApproved(run_id=RUN, step_order=1, k=3),
        StepPaused(run_id=RUN, step_order=2, reason="five failures in a row", consecutive_failures=5),
        StepResumed(run_id=RUN, step_order=2),
        WinnerChosen(run_id=RUN, candidate_id=one),
        WinnerCleared(run_id=RUN),
        job_requested(2, one, step_order=2),
        job_cancelled(2),
        job_submitted(),
        attempt_failed(),
        image_produced(),
        job_failed(3),
        vote_cast(one, two, vote_id=VoteId("v1")),
        VoteRetracted(vote_id=VoteId("v1"), run_id=RUN, voter="ada"),
        GuestVotesMerged(run_id=RUN, guest_link=LINK),
        GuestVotesSeparated(run_id=RUN, voter="guest:5f2a90c1"),
        CandidateRejected(run_id=RUN, candidate_id=one),
        CandidateRestored(run_id=RUN, candidate_id=one),
        ImagesDiscarded(run_id=RUN, candidate_ids=(one,)),
        RescoringRequested(rescoring_id="s1", system="elo", settings={"k": 24}),
        RescoringFinished(rescoring_id="s1", system="elo", up_to=Position(9), votes=1, digest="0" * 32),
        RescoringDropped(rescoring_id="s2", system="elo"),
        RatingSystemPromoted(rescoring_id="s1", system="elo", settings={"k": 24}),
        token_issued(),
        TokenRevoked(token_id=TOKEN),
        CommandAnswered(command_id=COMMAND, refusal=GivenRefusal(kind="run-unknown", message="There is no run r9")),
        guest_link_issued(),
        GuestLinkRevoked(link_id=LINK),
        DrainRequested(gateway=GATEWAY, node="n1", reason="a new driver"),
        DrainWithdrawn(gateway=GATEWAY),
        WebhookCreated(webhook_id=WEBHOOK, url="https://hooks.example.org/", types=("VoteCast",), run_ids=(RUN,)),
        WebhookDeleted(webhook_id=WEBHOOK),
        WebhookDeliveryAbandoned(webhook_id=WEBHOOK, position=Position(9), reason="no answer", tries=8),
        WebhookRedelivered(webhook_id=WEBHOOK, position=Position(9)),
    ]
