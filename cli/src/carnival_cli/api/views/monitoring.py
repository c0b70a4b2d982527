"""The state of the whole, and the log, in the API's answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from carnival_cli.api.views.page import View


class Status(View):
    jobs: dict[str, int]
    void_events: int
    parked_events: int
    log_position: int
    projected_position: int
    lag: int
    nodes: list[dict[str, Any]]


class LogLine(View):
    """One event of the log."""

    position: int
    type: str
    time: datetime | None
    source: str | None
    actor: str | None
    event: dict[str, Any] | None
    problem: str | None = None
