"""Another rating system over the whole history: asked for, computed, promoted."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, JsonValue

from carnival.contracts.envelope import Event
from carnival.contracts.ids import Position


class RescoringRequested(Event):
    """Written by curation-api."""

    wire_name: ClassVar[str] = "RescoringRequested"

    rescoring_id: str
    system: str
    settings: dict[str, JsonValue] = Field(default_factory=dict)


class RescoringFinished(Event):
    """Written by the projector. `up_to` is the last position that was folded, `votes` how many votes counted."""

    wire_name: ClassVar[str] = "RescoringFinished"

    rescoring_id: str
    system: str
    up_to: Position
    votes: int
    digest: str


class RatingSystemPromoted(Event):
    """Written by curation-api. From this position on the named system's ratings are the ratings."""

    wire_name: ClassVar[str] = "RatingSystemPromoted"

    rescoring_id: str
    system: str
    settings: dict[str, JsonValue] = Field(default_factory=dict)
