"""Votes and pairs as clients see them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from carnival.contracts.vote import Outcome
from curation_api.application.views.candidate import BranchView
from curation_api.application.views.page import View
from curation_api.domain.kill_walk import WalkAnswer, WalkEnd


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
    guest_link: str | None = Field(description="The link by which a guest came; null: a member's vote.")
    merged: bool = Field(description="Of a guest's vote: whether ratings are made of it too.")
    cast_at: datetime
    position: int


class StandingView(View):
    """An image after a vote."""

    candidate_id: str
    rating: int
    votes: int
    both_bad: int
    live: bool
    rank: int | None = Field(default=None, description="Place in its column, 1 is the best; only if asked for.")


class CastVoteView(VoteView):
    """A vote and what followed from it."""

    left: StandingView
    right: StandingView
    kill_offered: list[str] = Field(
        description="Images that the voter may want to kill: both after both_bad.", examples=[[]]
    )


class SideView(View):
    """One side of a pair. No rating, to avoid bias."""

    candidate_id: str
    parent_id: str | None
    width: int
    height: int
    image: str
    thumbnail: str


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
    leaders: str = Field(description="Where the run's best images are.")


class WalkCrumb(View):
    """One image on the way from the base to the image that the walk began with."""

    candidate_id: str
    step_order: int
    step_name: str
    rejected: bool
    live: bool
    killed_here: bool = Field(description="Rejected by this walk.")
    shown: bool = Field(description="This is the parent that is being looked at.")


class KillWalkView(View):
    """A kill-left walk at one place of it."""

    walk_id: str
    run_id: str
    path: list[WalkCrumb] = Field(description="Base first, the image that the walk began with last.")
    killed: list[str] = Field(description="What the walk rejected and nobody restored since, the rightmost first.")
    branch: BranchView | None = Field(description="What hangs on the image that was killed furthest left.")
    parent_id: str | None = Field(description="The parent that is shown; answers are about it.")
    pair: PairView | None = Field(description="The parent beside its partner; null at the end of the walk.")
    preview: BranchView | None = Field(description="What would be taken along if the parent were killed too.")
    answers: list[WalkAnswer] = Field(description="What can be answered here; empty at the end.")
    end: WalkEnd | None = Field(description="Why there is no further step to the left.")


class WalkView(View):
    """The next view to the left, or null and why there is none."""

    pair: PairView | None
    parent_id: str | None = None
    end: str | None = Field(default=None, description="no_parent, parent_not_live or no_partner.")
