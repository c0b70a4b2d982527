"""The past in the API's answers."""

from __future__ import annotations

from datetime import datetime

from carnival_cli.api.views.candidate import TreeNode
from carnival_cli.api.views.page import View
from carnival_cli.api.views.run import Job, Run


class RunAt(Run):
    """A run as it was when the log ended at `position`."""

    position: int
    time: datetime | None = None
    tree: list[TreeNode]
    tree_next: str | None = None
    jobs: list[Job]


class LeftOutJob(View):
    """A job that would not have been asked for."""

    job_id: str
    number: int
    step_order: int
    parent_id: str | None
    reason: str


class ExtraJobs(View):
    """Jobs of a step that would have been asked for as well."""

    step_order: int
    jobs: int


class FinalMove(View):
    """A final with another place; None: it is not among them."""

    candidate_id: str
    place_before: int | None
    place_after: int | None
    rating_before: int | None
    rating_after: int | None


class WhatIf(View):
    """What other settings would have changed in a run's history; the lists are the first 500."""

    run_id: str
    position: int
    decisions: int
    same: int
    drawn_otherwise: int
    left_out_total: int
    left_out: list[LeftOutJob]
    extra: list[ExtraJobs]
    gpu_seconds: float
    gpu_seconds_saved: float
    finals_before: int
    finals_after: int
    moves_total: int
    moves: list[FinalMove]
