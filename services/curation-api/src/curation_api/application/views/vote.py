"""Votes and pairs as clients see them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from carnival.contracts.vote import Outcome
from curation_api.application.views.page import View


class VoteView(View):
    vote_id: str
    run_id: str
    step_order: int
    voter: str
    left_id: str
    right_id: str
    outcome: Outcome
    milliseconds: int | None
    retracted: bool
    cast_at: datetime
    position: int


class SideView(View):
    """One side of a pair. No rating, to avoid bias (VOTE-6)."""

    candidate_id: str
    parent_id: str | None
    width: int
    height: int
    image: str


class PairView(View):
    step_order: int
    step_name: str
    left: SideView
    right: SideView
    voting: bool = Field(default=True, description="False: shown for a kill only, the pair was voted on before.")
    open_pairs: int | None = Field(default=None, description="Pairs of this step the voter has not voted on.")


class NextPair(View):
    """The next pair, or null and where to look instead."""

    pair: PairView | None
    gallery: str
    leaders: str


class WalkView(View):
    """The next view to the left, or null and why there is none."""

    pair: PairView | None
    parent_id: str | None = None
    end: str | None = Field(default=None, description="no_parent, parent_not_live or no_partner.")
