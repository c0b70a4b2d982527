"""Candidates in the API's answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from carnival_cli.api.views.page import Page, View


class TreeNode(View):
    candidate_id: str
    parent_id: str | None
    step_order: int
    depth: int
    state: str
    rating: int
    votes: int
    failures: int = 0
    live_children: int
    open_jobs: int = 0
    position: int
    status: str = ""
    live: bool = False
    children: int = 0
    same_as: str | None = None
    width: int = 0
    height: int = 0


class Candidate(View):
    candidate_id: str
    run_id: str
    step_order: int
    is_final: bool
    parent_id: str | None
    job_number: int
    state: str
    reject_reason: str | None = None
    reject_note: str = ""
    rating: int
    votes: int
    live_children: int
    open_jobs: int = 0
    place: str
    sha256: str
    size_bytes: int
    width: int
    height: int
    discarded: bool
    seed: str
    node: str
    gpu_seconds: float
    created_at: datetime
    position: int
    status: str = ""
    live: bool = False
    root_id: str = ""
    depth: int = 0
    job_id: str = ""
    both_bad: int = 0
    failures: int = 0
    children: int = 0
    same_as: str | None = None
    pixel_sha256: str | None = None
    media_type: str = ""
    source_id: str | None = None
    image: str = ""
    thumbnail: str = ""


class ColumnToChoose(View):
    """A step of a run in its gallery."""

    order: int
    name: str
    live: int


class GalleryPage(Page[Candidate]):
    step: int | None
    steps: list[ColumnToChoose]


class BranchStep(View):
    step_order: int
    live: int
    open_jobs: int
    dead: int = 0


class Branch(View):
    """What hangs on a candidate, itself included."""

    live: int
    dead: int
    open_jobs: int
    steps: list[BranchStep] = Field(default_factory=list[BranchStep])


class Lineage(View):
    """Base first, the candidate itself last; and its children."""

    path: list[Candidate]
    children: list[Candidate]
    descendants_live: int


class JudgedCandidate(Candidate):
    """An image after a kill or a restoration, with what that did to its branch."""

    branch: Branch


class ExportedImage(Candidate):
    """A line of an export's manifest. `file`: its path below the image root; None where there is none, `absence` says
    why."""

    file: str | None
    file_sha256: str | None = None
    absence: str | None
    rank: int = 0
    winner: bool = False
    run_name: str = ""
    caption: str = ""
    variables: dict[str, Any] = Field(default_factory=dict[str, Any])
    step_name: str = ""
    model: str = ""
