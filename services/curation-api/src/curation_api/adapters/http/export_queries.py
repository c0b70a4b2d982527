"""What exports are asked with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from carnival.contracts.ids import CandidateId, Position, RunId
from curation_api.adapters.exported_pictures import Pictures
from curation_api.adapters.http.example_ids import CANDIDATE, OTHER_CANDIDATE
from curation_api.adapters.http.images import Metadata
from curation_api.adapters.http.parameters import INTEGER_MAX, Identity
from curation_api.adapters.preference_files import PreferenceFormat
from curation_api.adapters.read_model.candidates import GalleryState
from curation_api.application.exports.export_images import WantedImages
from curation_api.application.exports.export_preferences import WantedPreferences
from curation_api.domain.preference import Fractions, Split

RUNS_MAX = 100
CANDIDATES_MAX = 200
NAMED_MAX = 5000
LETTERS_OF_ID = 33
"""And a comma."""

Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class RunsQuery(BaseModel):
    run_id: list[Identity] | None = Field(
        default=None, max_length=RUNS_MAX, description="These runs only; may be given several times."
    )
    step: int | None = Field(default=None, ge=1, le=INTEGER_MAX)

    @property
    def run_ids(self) -> Sequence[RunId] | None:
        return None if self.run_id is None else [RunId(run_id) for run_id in self.run_id]


class PreferenceQuery(RunsQuery):
    """Which votes, how they are split, and the file they become."""

    split: Split | None = Field(default=None, description="Runs of this split only.")
    validation: Fraction = Field(default=0.1, description="Part of all runs that is held out for validation.")
    test: Fraction = Field(default=0.1, description="Part of all runs that is held out for the test.")
    both_bad: bool = Field(default=False, description="Also votes without a preference, with has_label false.")
    guests: bool = Field(default=False, description="Also votes of guests that were not merged.")
    format: PreferenceFormat = PreferenceFormat.JSONL
    images: Pictures = Field(default=Pictures.NONE, description="What jpg_0 and jpg_1 hold.")

    def wanted(self, up_to: Position) -> WantedPreferences:
        """Raises BadFractions."""
        return WantedPreferences(
            run_ids=self.run_ids,
            step=self.step,
            split=self.split,
            fractions=Fractions(validation=self.validation, test=self.test),
            both_bad=self.both_bad,
            guests=self.guests,
            up_to=up_to,
        )


class ImageFormat(StrEnum):
    ZIP = "zip"
    JSONL = "jsonl"


class ImageQuery(RunsQuery):
    """Which images, and the file they become."""

    candidate_id: list[Identity] | None = Field(
        default=None, max_length=CANDIDATES_MAX, description="These images only; may be given several times."
    )
    status: GalleryState | None = Field(default=None, description="All of them if absent.")
    top: int | None = Field(
        default=None,
        ge=1,
        le=INTEGER_MAX,
        description="So many of the best of each step of each run, ties to the older.",
    )
    format: ImageFormat = Field(
        default=ImageFormat.ZIP, description="`zip`: the files and their manifest; `jsonl`: the manifest alone."
    )
    metadata: Metadata = Field(
        default=Metadata.KEEP, description="`strip` leaves prompt and workflow out of the archive's files."
    )

    def wanted(self, up_to: Position) -> WantedImages:
        return WantedImages(
            run_ids=self.run_ids,
            candidate_ids=None if self.candidate_id is None else [CandidateId(one) for one in self.candidate_id],
            step=self.step,
            state=self.status,
            top=self.top,
            up_to=up_to,
        )


class NamedImages(BaseModel):
    """More images than an address has room for, as the form of a page sends them."""

    model_config = ConfigDict(extra="forbid")

    candidate_ids: str = Field(
        pattern="^[A-Za-z0-9_-]+(,[A-Za-z0-9_-]+)*$",
        max_length=NAMED_MAX * LETTERS_OF_ID,
        description=f"Ids with commas between them, {NAMED_MAX} at the most.",
        examples=[f"{CANDIDATE},{OTHER_CANDIDATE}"],
    )
    format: ImageFormat = Field(
        default=ImageFormat.ZIP, description="`zip`: the files and their manifest; `jsonl`: the manifest alone."
    )
    metadata: Metadata = Field(
        default=Metadata.KEEP, description="`strip` leaves prompt and workflow out of the files."
    )

    @field_validator("candidate_ids")
    @classmethod
    def _not_too_many(cls, given: str) -> str:
        if given.count(",") >= NAMED_MAX:
            raise ValueError(f"name {NAMED_MAX} images at the most")
        return given

    @property
    def ids(self) -> Sequence[CandidateId]:
        return [CandidateId(one) for one in self.candidate_ids.split(",")]

    def wanted(self, run_ids: Collection[RunId], up_to: Position) -> WantedImages:
        """`run_ids`: the runs that they are of."""
        return WantedImages(run_ids=sorted(run_ids), candidate_ids=self.ids, up_to=up_to)


class EventQuery(BaseModel):
    """Which entries of the log."""
