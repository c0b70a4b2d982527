"""Pairs, votes and kill walks in the API's answers."""

from __future__ import annotations

from datetime import datetime

from carnival_cli.api.views.page import View


class Side(View):
    candidate_id: str


class Pair(View):
    step_order: int
    step_name: str
    left: Side
    right: Side
    voting: bool = True
    open_pairs: int | None = None


class KillWalk(View):
    """What a kill leads to: the parent beside another image, or nothing more."""

    walk_id: str
    pair: Pair | None


class NextPair(View):
    pair: Pair | None


class Vote(View):
    vote_id: str
    run_id: str
    step_order: int
    voter: str
    left_id: str
    right_id: str
    outcome: str
    retracted: bool
    cast_at: datetime
