"""Rescorings in the API's answers."""

from __future__ import annotations

from typing import Any

from carnival_cli.api.views.monitoring import Work
from carnival_cli.api.views.page import View


class ColumnAgreement(View):
    """How alike two rankings of one column are: 1 the same, 0 unrelated, -1 reversed; None where all are equal."""

    run_id: str
    step_order: int
    candidates: int
    votes: int
    kendall: float | None
    spearman: float | None


class Move(View):
    """A candidate whose place among the live ones of its column changes; places count from 1."""

    run_id: str
    step_order: int
    candidate_id: str
    place_before: int
    place_after: int
    rating_before: int
    rating_after: int


class FinalsChange(View):
    """A run whose three best finals would be others, or in another order."""

    run_id: str
    before: list[str]
    after: list[str]


class Comparison(View):
    """A rescoring against the ratings in force at that position."""

    columns: int
    kendall: float | None
    spearman: float | None
    agreements: list[ColumnAgreement]
    moves_total: int
    moves: list[Move]
    finals_total: int
    finals: list[FinalsChange]


class Rescoring(View):
    rescoring_id: str
    system: str
    settings: dict[str, Any]
    state: str
    in_force: bool
    up_to: int | None = None
    votes: int | None = None
    digest: str | None = None
    comparison: Comparison | None = None
    progress: Work | None = None
    position: int = 0


class RatingSystem(View):
    name: str
    settings: dict[str, Any]


class Ratings(View):
    """What rates now, and what could."""

    system: str
    settings: dict[str, Any]
    rescoring_id: str | None
    position: int
    systems: list[RatingSystem]
