"""Candidates as clients see them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, computed_field

from curation_api.application.views.page import Page, View

Seed = Annotated[str, BeforeValidator(str)]
"""Decimal digits as text: seeds outgrow the numbers of JavaScript."""


class CandidateState(StrEnum):
    LIVE = "live"
    REJECTED = "rejected"
    DEAD = "dead"
    """Not rejected itself, but below a rejected image."""


class _Judged(View):
    status: str = Field(description="The image's own status: active or rejected.")
    live: bool

    @computed_field
    @property
    def state(self) -> CandidateState:
        if self.live:
            return CandidateState.LIVE
        return CandidateState.REJECTED if self.status == "rejected" else CandidateState.DEAD


class CandidateView(_Judged):
    candidate_id: str
    run_id: str
    step_order: int
    is_final: bool
    parent_id: str | None
    root_id: str
    depth: int
    job_id: str
    job_number: int
    reject_reason: str | None
    reject_note: str
    rating: int
    votes: int
    both_bad: int
    failures: int
    children: int
    live_children: int
    open_jobs: int
    same_as: str | None
    place: str = Field(description="Path below the image root.")
    sha256: str
    pixel_sha256: str | None
    size_bytes: int
    width: int
    height: int
    media_type: str
    discarded: bool
    seed: Seed
    node: str
    gpu_seconds: float
    created_at: datetime
    position: int
    source_id: str | None = Field(description="The image of another run that a fork took over; null: made here.")

    @computed_field
    @property
    def image(self) -> str:
        return f"/api/candidates/{self.candidate_id}/image"

    @computed_field
    @property
    def thumbnail(self) -> str:
        return f"/api/candidates/{self.candidate_id}/thumbnail"


class DiscardsView(View):
    """The originals of a run that were given up, and those that could be."""

    discarded_images: int
    discarded_bytes: int
    remaining: int = Field(description="Rejected or dead images that have their originals.")


class BranchStep(View):
    """One step of a branch."""

    step_order: int
    live: int
    dead: int
    open_jobs: int = Field(description="Open jobs whose parent stands at this step.")


class BranchView(View):
    """What hangs on a candidate, itself included: what a kill takes along, or has taken."""

    live: int
    dead: int
    open_jobs: int = Field(description="Open jobs below it; a kill cancels them.")
    steps: list[BranchStep]


class JudgedCandidate(CandidateView):
    """A candidate after a kill or a restoration, with what that did to its branch."""

    branch: BranchView


class TreeNode(_Judged):
    """A node of a run's tree, small enough for thousands of them."""

    candidate_id: str
    parent_id: str | None
    step_order: int
    depth: int
    rating: int
    votes: int
    failures: int
    children: int
    live_children: int
    open_jobs: int
    same_as: str | None
    width: int
    height: int
    position: int


class GalleryStep(View):
    order: int
    name: str = Field(description="The step's name.")
    live: int


class GalleryPage(Page[CandidateView]):
    """One step of a run, as its gallery shows it."""

    step: int | None = Field(description="The step that is shown; null for a run without steps.")
    steps: list[GalleryStep] = Field(description="All steps to choose from, with their live images.")


class Lineage(View):
    """From the base image to this one, and what was made of it."""

    path: list[CandidateView] = Field(description="Base first, the candidate itself last.")
    children: list[CandidateView] = Field(description="Its first 200 children, oldest first.")
    descendants_live: int = Field(description="Live images below it: what a kill would take along.")
