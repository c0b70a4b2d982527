"""A run as it was, as clients see it."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from curation_api.application.views.candidate import TreeNode
from curation_api.application.views.monitoring import JobView
from curation_api.application.views.run import RunView


class RunAtView(RunView):
    """A run as it was when the log ended at `position`: what `GET /api/runs/{run_id}` showed then, and its tree."""

    position: int = Field(description="The moment, as a position of the log.")
    time: datetime | None = Field(description="When the event of that position happened; null if it cannot be read.")
    tree: list[TreeNode] = Field(description="Its images by creation, 1,000 at the most; then `tree_next` says so.")
    tree_next: str | None = Field(
        description="Cursor for the rest of the tree, at `/api/runs/{run_id}/at/tree`; null if this is all of it.",
        examples=["4711"],
    )
    jobs: list[JobView] = Field(description="The jobs that were open.")
