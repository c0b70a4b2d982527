"""An image of an export, with all that is known of it."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, JsonValue

from curation_api.application.views.candidate import CandidateView


class Absence(StrEnum):
    """Why an image is listed and its file is not there."""

    DISCARDED = "discarded"
    """Dropped from the store on purpose."""
    MISSING = "missing"
    DAMAGED = "damaged"
    """The store holds other bytes than those that were made."""


class RankedCandidate(CandidateView):
    rank: int = Field(description="Place among the exported images of its run and step, 1 is the best.")
    winner: bool = Field(description="Marked as its run's winner.")


class ExportedImage(RankedCandidate):
    """A line of the manifest."""

    file: str | None = Field(description="Name in the archive: the path below the image root. Null without a file.")
    file_sha256: str | None = Field(description="Of the file; another than `sha256` if metadata was taken out.")
    absence: Absence | None = Field(description="Why there is no file.")
    run_name: str
    caption: str = Field(description="The run's prompt.")
    variables: dict[str, JsonValue]
    step_name: str
    model: str = Field(description="What made it: pipeline@version/step.")
