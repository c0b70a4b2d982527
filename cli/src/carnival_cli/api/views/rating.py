"""Rescorings in the API's answers."""

from __future__ import annotations

from typing import Any

from carnival_cli.api.views.page import View


class Rescoring(View):
    rescoring_id: str
    system: str
    settings: dict[str, Any]
    state: str
    in_force: bool
    up_to: int | None = None
    votes: int | None = None
    digest: str | None = None
    comparison: dict[str, Any] | None = None
    progress: dict[str, Any] | None = None
