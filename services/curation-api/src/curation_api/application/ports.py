"""What the use cases need from the outside, beside the log."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from carnival.contracts.fleet import PresentNode
from carnival.contracts.ids import CandidateId, EventId, PipelineId, Position, RunId, VoteId
from carnival.contracts.notices import NodePresence
from carnival.contracts.past import RunAt, RunAtAsked
from carnival.contracts.pipeline import StepDefinition
from carnival.contracts.verdict import VoidReason
from carnival.contracts.what_if import WhatIf, WhatIfAsked
from curation_api.application.views.analytics import ActiveRow, RecentRow, TotalsRow
from curation_api.application.views.candidate import CandidateView
from curation_api.application.views.run import ColumnRow, LeaderRow, OutlookRow, RunFilter, RunRow
from curation_api.domain.candidate import CandidateState
from curation_api.domain.discarding import Fallen
from curation_api.domain.fleet import ActiveRun
from curation_api.domain.gate import GateState, Standing
from curation_api.domain.kill_walk import Ancestor, WalkState
from curation_api.domain.pairing import Column, Pair
from curation_api.domain.rating import RescoringState
from curation_api.domain.run import RunState
from curation_api.domain.run_start import DefinedPipeline
from curation_api.domain.thumbnail import Original
from curation_api.domain.voting import Ballot, VoteState

Clock = Callable[[], datetime]
"""The time now, UTC."""

Registered = Callable[[Position, float], Awaitable[bool]]
"""Waits until what is folded in memory holds a position, so many seconds at the most; whether it does."""


class Fleet(Protocol):
    """Who is there to render."""

    async def nodes(self) -> Sequence[NodePresence]:
        """The nodes present now. Raises LogUnavailable."""
        ...

    async def present(self) -> Sequence[PresentNode]:
        """The same, each with what it can do. Raises LogUnavailable."""
        ...


class Projection(Protocol):
    """How far the read model has come."""

    @property
    def position(self) -> Position:
        """The read model holds at least everything up to here."""
        ...

    async def reached(self, position: Position, seconds: float) -> bool:
        """Waits for `position`, `seconds` at the most; whether it was reached."""
        ...


class Judgements(Protocol):
    """What the fold made of single events."""

    async def position_of(self, event_id: EventId) -> Position | None:
        """Where an event of this service stands, None if it is not projected."""
        ...

    async def void_reasons(self, positions: Sequence[Position]) -> dict[Position, VoidReason]:
        """Why events have no effect, by their positions; those that have one are left out."""
        ...

    async def void_reason(self, position: Position) -> VoidReason | None:
        """Why the event there has no effect, None if it has. Only for projected positions."""
        ...


class Pipelines(Protocol):
    async def steps(self, pipeline_id: PipelineId, version: int) -> Sequence[StepDefinition]:
        """The steps of a version, by order."""
        ...

    async def defined(self, pipeline_id: PipelineId, version: int | None) -> DefinedPipeline | None:
        """One version, the newest for None."""
        ...


class Runs(Protocol):
    async def active(self, limit: int) -> Sequence[ActiveRun]:
        """Runs that are neither ended nor paused, the newest first."""
        ...

    async def state(self, run_id: RunId) -> RunState | None: ...

    async def folders_taken(self, folders: Sequence[str]) -> frozenset[str]:
        """Those of `folders` that belong to a run."""
        ...

    async def discarded(self, run_id: RunId) -> Sequence[CandidateId]:
        """The candidates of a run whose originals are given up."""
        ...

    async def gate(self, run_id: RunId, step_order: int) -> GateState | None:
        """One step as a gate, None if the run has no such step."""
        ...

    async def step_paused(self, run_id: RunId, step_order: int) -> bool | None:
        """None if the run has no such step."""
        ...

    async def row(self, run_id: RunId) -> RunRow | None: ...

    async def page(self, wanted: RunFilter, *, before: Position | None, limit: int) -> Sequence[RunRow]:
        """Runs by creation, newest first."""
        ...

    async def columns(self, run_ids: Sequence[RunId]) -> Sequence[ColumnRow]:
        """The steps of these runs with what happens there, by run and order."""
        ...

    async def leaders(self, run_ids: Sequence[RunId]) -> Sequence[LeaderRow]:
        """WIN-1 for each of these runs, best first."""
        ...

    async def outlook(self, run_id: RunId) -> Sequence[OutlookRow]:
        """What the steps of a run have before them, by order."""
        ...

    async def standings(self, run_id: RunId, step_order: int, limit: int) -> Sequence[Standing]:
        """The best live images of a column."""
        ...


class Hindsight(Protocol):
    """Histories decided again."""

    async def what_if(self, asked: WhatIfAsked) -> WhatIf:
        """Raises RunNotBegun, ProjectionBehind, ManyDecisions, SelectorBusy, SelectorSilent, ProjectorSilent."""
        ...


class Past(Protocol):
    """Runs as they were."""

    async def run_at(self, asked: RunAtAsked) -> RunAt:
        """Raises RunNotBegun, ProjectionBehind, HistoryLong, ProjectorSilent."""
        ...


class Rescorings(Protocol):
    async def state(self, rescoring_id: str) -> RescoringState | None: ...


class Candidates(Protocol):
    async def state(self, candidate_id: CandidateId) -> CandidateState | None: ...

    async def states(self, candidate_ids: Sequence[CandidateId]) -> dict[CandidateId, CandidateState]:
        """Those of the candidates that exist."""
        ...

    async def ancestry(self, candidate_id: CandidateId) -> Sequence[Ancestor]:
        """From the base to the candidate itself; empty if it does not exist."""
        ...

    async def walk_state(self, candidate: CandidateState, voter: str) -> WalkState: ...

    async def discardable(self, run_id: RunId, limit: int) -> Sequence[CandidateId]:
        """The oldest of the run that are rejected or dead and have their originals."""
        ...

    async def discarded(self, candidate_ids: Sequence[CandidateId]) -> Sequence[Original]:
        """The originals of those of the candidates that are discarded."""
        ...

    async def down_before(self, moment: datetime, limit: int) -> Sequence[Fallen]:
        """Those that have been rejected or dead since before `moment` and have their originals, the longest first."""
        ...


class ShownCandidates(Protocol):
    """Candidates as people have them before their eyes."""

    async def state(self, candidate_id: CandidateId) -> CandidateState | None: ...

    async def view(self, candidate_id: CandidateId) -> CandidateView | None: ...


class Figures(Protocol):
    """Sums over all runs."""

    async def totals(self) -> TotalsRow:
        """All that was ever made."""
        ...

    async def recent(self, since: datetime) -> RecentRow: ...

    async def active(self) -> ActiveRow:
        """Of runs that have not ended."""
        ...


class Votes(Protocol):
    async def ballot(self, left_id: CandidateId, right_id: CandidateId, voter: str) -> Ballot: ...

    async def state(self, vote_id: VoteId) -> VoteState | None: ...

    async def states(self, vote_ids: Sequence[VoteId]) -> dict[VoteId, VoteState]:
        """Those of the votes that exist."""
        ...

    async def column(self, run_id: RunId, step_order: int, voter: str, *, least_voted: int | None = None) -> Column:
        """A whole column, or so many of its least voted images and all that have as many votes as the last of them."""
        ...

    async def open_pairs(self, run_id: RunId, step_order: int, voter: str) -> int:
        """How many pairs of a column the voter has not voted on, skipped ones included."""
        ...


class Skips(Protocol):
    """Pairs that voters did not want to decide now, remembered for an hour (PAIR-6)."""

    async def of(self, run_id: RunId, voter: str) -> Sequence[Pair]:
        """The voter's newest skipped pairs, 100 at the most, the newest last. Raises LogUnavailable."""
        ...

    async def add(self, run_id: RunId, voter: str, pair: Pair) -> None:
        """Raises LogUnavailable."""
        ...


class BadPicture(Exception):
    """Bytes that are not the picture they should be."""


class Shrinker(Protocol):
    async def shrink(self, data: bytes, width: int, height: int, sizes: Sequence[int]) -> Mapping[int, bytes]:
        """One thumbnail per size (pixels on the longer side), without metadata, as WebP. `data` must hold a picture of
        `width` x `height` pixels. Raises BadPicture."""
        ...
