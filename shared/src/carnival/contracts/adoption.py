"""What a forked run begins with: images and votes of another run, as they were at the moment of the fork."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from carnival.contracts.envelope import Event, Value
from carnival.contracts.ids import CandidateId, JobId, Position, RunId, VoteId
from carnival.contracts.job import StoredImage
from carnival.contracts.vote import Outcome


class AdoptedCandidate(Value):
    """A candidate of another run, `source_id`, as one of this run. Both show the one file at `image.place`.

    `parent_id` is a candidate of this run. Job, seed, node, time and position are those of its making. `rejected` is
    its own status then; `discarded` says that its file is gone.
    """

    candidate_id: CandidateId
    source_id: CandidateId
    step_order: int
    parent_id: CandidateId | None = None
    job_id: JobId
    job_number: Annotated[int, Field(ge=1)]
    seed: int
    node: str
    gpu_seconds: Annotated[float, Field(ge=0)]
    image: StoredImage
    created_at: AwareDatetime
    position: Position
    rejected: bool = False
    reject_reason: str | None = None
    reject_note: str = ""
    failures: Annotated[int, Field(ge=0)] = 0
    discarded: bool = False
    down_since: AwareDatetime | None = None


class AdoptedVote(Value):
    """A vote that stood then, on two adopted candidates. Voter, time and position are those of its casting."""

    vote_id: VoteId
    step_order: int
    voter: Annotated[str, Field(min_length=1)]
    left_id: CandidateId
    right_id: CandidateId
    outcome: Outcome
    milliseconds: Annotated[int, Field(ge=0)] | None = None
    cast_at: AwareDatetime
    position: Position


class TreeAdopted(Event):
    """A part of the tree that a forked run begins with, in the order of creation; then its votes, in log order.

    Written by curation-api together with the run's start, all parts or none. Nothing was made for this run: its images
    and GPU seconds do not count what it has adopted.
    """

    wire_name: ClassVar[str] = "TreeAdopted"

    run_id: RunId
    candidates: tuple[AdoptedCandidate, ...] = ()
    votes: tuple[AdoptedVote, ...] = ()
