"""Kinds of problems, as the API explains them."""

from __future__ import annotations

from carnival_cli.api.views.page import View


class ProblemKind(View):
    """One kind of problem: what it is and what to do about it."""

    type: str
    title: str
    status: int
    advice: str
    members: list[str]
    """What its problems may say beside the standard members."""
