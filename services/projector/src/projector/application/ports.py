"""What the projector asks of its store and of its listeners."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from carnival.contracts.envelope import Undecodable
from carnival.contracts.ids import EventId, PipelineId, Position, RunId, VoteId
from carnival.contracts.notices import Projected, WorkProgress
from projector.domain.read_model import Changes, ReadModel, Rescoring
from projector.domain.rows import Run, StandingVote


class StoreUnavailable(Exception):
    """The store did not answer, or the connection is gone. What is in memory may be ahead of it: drop it."""


class AnotherProjector(Exception):
    """The checkpoint is not where this projector left it: somebody else wrote, or a rebuild took its place."""


class Unwritable(Exception):
    """The store refuses a value of these rows for good. Nothing was written."""


class UnsuitableDatabase(Exception):
    """The database cannot hold what the log holds. No waiting cures that."""


class NewerFold(Exception):
    """The read model was written by a newer fold. An older projector must not go on with it."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Up to where the rows go, by which version of the fold, and how many events directly before that were parked."""

    position: Position
    fold: int
    parked_in_a_row: int = 0


@dataclass(slots=True)
class Needs:
    """Keys of what must be in memory before a batch is applied. Runs and pipelines in memory already are left out."""

    runs: set[RunId] = field(default_factory=set)
    pipelines: set[PipelineId] = field(default_factory=set)
    votes: set[VoteId] = field(default_factory=set)
    rescorings: set[str] = field(default_factory=set)
    promotion: bool = False

    def __bool__(self) -> bool:
        return bool(self.runs or self.pipelines or self.votes or self.rescorings or self.promotion)


class Command(NamedTuple):
    """A row of `commands`: an event of curation-api, to be found again by its id (EVT-2)."""

    event_id: EventId
    position: Position
    subject: str


@dataclass(frozen=True, slots=True)
class Parked:
    """An event that nobody could read or apply, as it came."""

    position: Position
    subject: str
    reason: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Outcome:
    """What a batch leads to: everything the store writes in one transaction."""

    before: Position
    after: Position
    changes: Changes
    commands: list[Command] = field(default_factory=list)
    parked: list[Parked] = field(default_factory=list)


class RowStore(Protocol):
    """The read model in Postgres. Every method raises StoreUnavailable."""

    async def open(self) -> bool:
        """Connect and take the projector's lock. False if another projector holds it. May be called again."""
        ...

    async def checkpoint(self) -> Checkpoint:
        """Where the rows stand; in an empty database the tables are made first."""
        ...

    async def load(self, needs: Needs, model: ReadModel) -> None:
        """Put what `needs` names, and exists, into `model`."""
        ...

    async def write(self, outcome: Outcome) -> None:
        """Rows and checkpoint in one transaction. Raises AnotherProjector or Unwritable; then nothing was written.

        A promotion in it rates every run of the store anew, in the same transaction.
        """
        ...

    async def close(self) -> None:
        """Give the connection back. Never raises."""
        ...


class Notices(Protocol):
    """Tells listeners how far the read model goes. They may miss it; never raises because nobody listens."""

    async def projected(self, notice: Projected) -> None: ...


class WorkNotices(Protocol):
    """Tells how far long work has come. Short-lived: what is not told anew is forgotten. Never raises."""

    async def under_way(self, progress: WorkProgress) -> None: ...

    async def over(self, kind: str, identity: str) -> None:
        """Done, or given up: nothing more is to be seen of it."""
        ...


class FrozenHistory(Protocol):
    """The read model as it was at one position."""

    position: Position
    votes: int

    def runs(self) -> AsyncGenerator[Sequence[Run]]:
        """Every run with votes that is not pinned, by creation, with what lies below it, a few at a time."""
        ...


class History(Protocol):
    """What rescorings need of the read model. Methods raise StoreUnavailable."""

    async def requested(self) -> list[Rescoring]:
        """Those asked for and not finished, the oldest first."""
        ...

    def frozen(self) -> AbstractAsyncContextManager[FrozenHistory]:
        """One consistent state, while the live projection goes on."""
        ...


@dataclass(frozen=True, slots=True)
class Judged:
    """`passed_over` are events without effect that nobody could know by the run's own events: what was parked, and
    votes whose id another run had taken. Complete up to `position`."""

    position: Position
    passed_over: frozenset[Position]


class Verdicts(Protocol):
    """What the live projection made of events."""

    async def about(self, run_id: RunId, subjects: Sequence[str]) -> Judged:
        """Of a run and of the `subjects` that it depends on. Raises StoreUnavailable."""
        ...

    def votes(
        self, run_id: RunId, after: Position, until: Position
    ) -> AsyncGenerator[Sequence[StandingVote | Undecodable]]:
        """The votes of a run between two positions that were let stand, by position, as they were cast.

        Of votes without effect, and of whatever of the run was parked, an Undecodable tells that something is there.
        Complete up to the position of `about`. Raises StoreUnavailable.
        """
        ...


@dataclass(frozen=True, slots=True)
class TableDigest:
    """`digest` is the same for the same rows in any order."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class ReadModelDigest:
    """The whole read model at `position`, the checkpoint's own row left out."""

    position: Position
    tables: dict[str, TableDigest]
    digest: str
