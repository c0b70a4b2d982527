"""The part of the read model that is in memory, and what has changed in it since it was last written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import JsonValue

from carnival.contracts.envelope import Event, Recorded
from carnival.contracts.ids import PipelineId, Position, RunId, VoteId
from carnival.contracts.pipeline import PipelineDefined
from carnival.contracts.rating import Comparison
from carnival.contracts.verdict import VoidReason
from projector.domain.rows import Candidate, Column, Job, PipelineVersion, Run, Vote


@dataclass(slots=True, eq=False)
class Rescoring:
    """A row of `rescorings`; state is requested, finished, promoted or dropped."""

    rescoring_id: str
    system: str
    settings: dict[str, JsonValue]
    position: Position
    state: str = "requested"
    up_to: Position | None = None
    votes: int | None = None
    digest: str | None = None
    comparison: Comparison | None = None


@dataclass(slots=True, frozen=True)
class Promotion:
    """The rating system in force since `position`; without a rescoring it is the one a hub starts with."""

    system: str
    settings: dict[str, JsonValue]
    rescoring_id: str | None
    position: Position


@dataclass(slots=True, frozen=True)
class Void:
    """An event without effect."""

    position: Position
    run_id: RunId | None
    type: str
    reason: VoidReason


@dataclass(slots=True, repr=False)
class Changes:
    """Rows touched since the last write, in the order of their first touch.

    `unrated` are columns whose votes changed since ratings were computed (see `rating.settle`). `promotion`, if there
    is one, touches every run that is not pinned, also those that are not in memory.
    """

    pipelines: list[Recorded[PipelineDefined]] = field(default_factory=list)
    runs: dict[Run, None] = field(default_factory=dict)
    columns: dict[Column, None] = field(default_factory=dict)
    candidates: dict[Candidate, None] = field(default_factory=dict)
    jobs: dict[Job, None] = field(default_factory=dict)
    votes: dict[VoteId, Vote] = field(default_factory=dict)
    rescorings: dict[Rescoring, None] = field(default_factory=dict)
    voids: list[Void] = field(default_factory=list)
    unrated: dict[Column, None] = field(default_factory=dict)
    promotion: Promotion | None = None


@dataclass(slots=True, repr=False)
class ReadModel:
    """Whatever the events at hand can touch must be in here before they are applied.

    `runs` holds runs with everything below them; `pipelines` every version of the pipelines it names; `votes` the votes
    cast since the last write, and those which are to be taken back; `promotion` the rating system in force.
    """

    runs: dict[RunId, Run] = field(default_factory=dict)
    pipelines: dict[PipelineId, dict[int, PipelineVersion]] = field(default_factory=dict)
    votes: dict[VoteId, Vote] = field(default_factory=dict)
    rescorings: dict[str, Rescoring] = field(default_factory=dict)
    promotion: Promotion | None = None
    changes: Changes = field(default_factory=Changes)

    def mark_inserted(self) -> None:
        """New rows are in the store, changes of older ones are not yet: only those stay to be written."""
        changes, waiting = self.changes, Changes()
        waiting.runs = {run: None for run in changes.runs if run.started is None}
        waiting.columns = {column: None for column in changes.columns if column.written}
        waiting.candidates = {candidate: None for candidate in changes.candidates if candidate.birth is None}
        waiting.jobs = {job: None for job in changes.jobs if job.requested is None}
        waiting.votes = {vote_id: vote for vote_id, vote in changes.votes.items() if vote.cast is None}
        waiting.rescorings = changes.rescorings
        waiting.unrated, waiting.promotion = changes.unrated, changes.promotion
        self.mark_written()
        self.votes, self.changes = dict(waiting.votes), waiting

    def mark_written(self) -> None:
        """The changes are in the store: forget them, and what only they needed."""
        for run in self.changes.runs:
            run.started = None
        for column in self.changes.columns:
            column.written = True
        for candidate in self.changes.candidates:
            candidate.birth = None
        for job in self.changes.jobs:
            job.requested = None
        for vote in self.changes.votes.values():
            vote.cast = None
        self.votes = {}
        self.changes = Changes()


class UnusableEvent(Exception):
    """An event that can be read but says what no row can hold. Nothing has been changed by it; it is parked."""


Fact = Recorded[Event]

E = TypeVar("E", bound=Event)


def narrowed(fact: Fact, event: E) -> Recorded[E]:
    """`fact`, knowing the class of its `event`."""
    return Recorded(event, fact.meta, fact.position, fact.subject)
