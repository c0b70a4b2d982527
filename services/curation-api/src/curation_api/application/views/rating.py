"""Rating systems and rescorings, as clients see them."""

from __future__ import annotations

from pydantic import Field, JsonValue

from carnival.contracts.notices import WorkProgress
from carnival.contracts.rating import Comparison
from curation_api.application.views.page import View


class RescoringSummary(View):
    rescoring_id: str
    system: str
    settings: dict[str, JsonValue]
    state: str = Field(
        description="requested, finished, promoted (once, perhaps not now) or dropped.", examples=["finished"]
    )
    in_force: bool = Field(description="Whether this system rates now.")
    up_to: int | None = Field(description="Log position of the votes it was computed from.")
    votes: int | None
    digest: str | None = Field(description="Fingerprint of all ratings: equal for equal votes and system.")
    position: int


class RescoringView(RescoringSummary):
    comparison: Comparison | None = Field(description="Against the ratings in force then; null until computed.")
    progress: WorkProgress | None = Field(default=None, description="While it is being computed.")


class RatingSystemView(View):
    name: str = Field(description="What requests name the system by.", examples=["elo"])
    settings: dict[str, JsonValue] = Field(description="JSON Schema of its settings, with their defaults.")


class RatingsView(View):
    """What rates now, and what could."""

    system: str
    settings: dict[str, JsonValue]
    rescoring_id: str | None = Field(description="The promoted rescoring; null while nothing was ever promoted.")
    position: int = Field(description="Where it was promoted; 0 for never.")
    systems: list[RatingSystemView]
