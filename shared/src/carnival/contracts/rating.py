"""Another rating system over the whole history: asked for, computed and compared, promoted or dropped."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, JsonValue

from carnival.contracts.envelope import Event, Value
from carnival.contracts.ids import CandidateId, Position, RunId


class RatingChoice(Value):
    """A rating system by its name, with the settings that differ from its defaults (see `rating_systems`)."""

    system: str
    settings: dict[str, JsonValue] = Field(default_factory=dict)


class RescoringRequested(Event):
    """Written by curation-api."""

    wire_name: ClassVar[str] = "RescoringRequested"

    rescoring_id: str
    system: str
    settings: dict[str, JsonValue] = Field(default_factory=dict)


class ColumnAgreement(Value):
    """How alike two rankings of one column are: 1 the same, 0 unrelated, -1 reversed; None where all are equal.

    `kendall` is tau-b, `spearman` rho with mean ranks for equals.
    """

    run_id: RunId
    step_order: int
    candidates: int
    votes: int
    kendall: float | None
    spearman: float | None


class Move(Value):
    """A candidate whose place among the live ones of its column changes; places count from 1."""

    run_id: RunId
    step_order: int
    candidate_id: CandidateId
    place_before: int
    place_after: int
    rating_before: int
    rating_after: int


class FinalsChange(Value):
    """A run whose three best finals would be others, or in another order."""

    run_id: RunId
    before: tuple[CandidateId, ...] = Field(description="Its three best finals now.")
    after: tuple[CandidateId, ...] = Field(description="Its three best finals then.")


class Comparison(Value):
    """A rescoring against the ratings in force at that position.

    `columns` counts all with votes; the means weigh them by candidates. The lists hold the columns with most votes, the
    longest moves and the oldest runs, each up to a limit; `moves_total` and `finals_total` count all.
    """

    columns: int = 0
    kendall: float | None = None
    spearman: float | None = None
    agreements: tuple[ColumnAgreement, ...] = ()
    moves_total: int = 0
    moves: tuple[Move, ...] = ()
    finals_total: int = 0
    finals: tuple[FinalsChange, ...] = ()


class RescoringFinished(Event):
    """Written by the projector. `up_to` is the last position that was folded, `votes` how many votes counted.

    `digest` is a fingerprint of all new ratings, the same for the same votes and system.
    """

    wire_name: ClassVar[str] = "RescoringFinished"

    rescoring_id: str
    system: str
    up_to: Position
    votes: int
    digest: str
    comparison: Comparison = Comparison()


class RescoringDropped(Event):
    """Written by curation-api. Nobody will promote it; one that still computes stops."""

    wire_name: ClassVar[str] = "RescoringDropped"

    rescoring_id: str
    system: str


class RatingSystemPromoted(Event):
    """Written by curation-api. From this position on the named system's ratings are the ratings."""

    wire_name: ClassVar[str] = "RatingSystemPromoted"

    rescoring_id: str
    system: str
    settings: dict[str, JsonValue] = Field(default_factory=dict)
