"""A run's history decided again with other settings: what is asked of the selector, and what it answers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from carnival.contracts.envelope import Value
from carnival.contracts.ids import CandidateId, JobId, Position, RunId
from carnival.contracts.past import Altered

LISTED_MAX: Final = 500
"""Jobs and finals that an answer lists; totals count all."""


class WhatIfAsked(Value):
    """The history of `run_id` up to `position`, told with other settings."""

    run_id: RunId
    position: Position
    altered: Altered = Altered()


class LeftOutJob(Value):
    """A job that would not have been asked for. `reason`: what stood in the way, or that its parent would not exist."""

    job_id: JobId
    number: int
    step_order: int
    parent_id: CandidateId | None
    reason: str


class ExtraJobs(Value):
    """Jobs of one step that would have been asked for as well, and were not."""

    step_order: int
    jobs: Annotated[int, Field(ge=1)]


class FinalMove(Value):
    """A live final with another place than it had; None as a place: it is not there, or not live."""

    candidate_id: CandidateId
    place_before: Annotated[int | None, Field(description="Place among the live finals as it was.")]
    place_after: Annotated[int | None, Field(description="Place as it would have been.")]
    rating_before: Annotated[int | None, Field(description="Rating as it was.")]
    rating_after: Annotated[int | None, Field(description="Rating as it would have been.")]


class WhatIf(Value):
    """What would have been other.

    `decisions` were taken again; `same` of them come out as recorded; `drawn_otherwise` would have had another winner,
    the recorded one still among the competitors. `gpu_seconds` are those of the run up to `position`.
    """

    run_id: RunId
    position: Position
    decisions: int
    same: int
    drawn_otherwise: int
    left_out_total: int
    left_out: tuple[LeftOutJob, ...]
    extra: tuple[ExtraJobs, ...]
    gpu_seconds: float
    gpu_seconds_saved: float
    finals_before: int
    finals_after: int
    moves_total: Annotated[int, Field(description="Live finals with another place or rating.")]
    moves: Annotated[tuple[FinalMove, ...], Field(description="These finals, 500 at the most, by place as it was.")]


class WhatIfProblem(StrEnum):
    """Why there is no answer."""

    UNKNOWN_RUN = "unknown_run"
    """The run had not begun."""
    BEHIND = "behind"
    """The read model does not go so far yet."""
    TOO_LONG = "too_long"
    """The history has more decisions than can be taken again in the time of one question."""
    BUSY = "busy"
    """Another history is being decided again."""
    UNAVAILABLE = "unavailable"
    """The log or a projector did not answer."""


class WhatIfAnswer(Value):
    """Either `found`, or why not."""

    found: WhatIf | None = None
    problem: WhatIfProblem | None = None
