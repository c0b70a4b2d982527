"""The past in the API's answers."""

from __future__ import annotations

from datetime import datetime

from carnival_cli.api.views.candidate import TreeNode
from carnival_cli.api.views.run import Job, Run


class RunAt(Run):
    """A run as it was when the log ended at `position`."""

    position: int
    time: datetime | None = None
    tree: list[TreeNode]
    tree_next: str | None = None
    jobs: list[Job]
