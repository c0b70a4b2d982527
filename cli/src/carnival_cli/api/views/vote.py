"""Pairs, votes and kill walks in the API's answers."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from carnival_cli.api.views.candidate import Branch
from carnival_cli.api.views.page import View


class Side(View):
    candidate_id: str
    parent_id: str | None = None
    width: int = 0
    height: int = 0
    image: str = ""
    thumbnail: str = ""


class Pair(View):
    step_order: int
    step_name: str
    left: Side
    right: Side
    voting: bool = True
    open_pairs: int | None = None


class Crumb(View):
    """One image on the way from the base to the image that the walk began with."""

    candidate_id: str
    step_order: int
    step_name: str
    rejected: bool
    live: bool
    killed_here: bool
    shown: bool


class KillWalk(View):
    """What a kill leads to: the parent beside another image, or nothing more."""

    walk_id: str
    pair: Pair | None
    run_id: str = ""
    path: list[Crumb] = Field(default_factory=list[Crumb])
    killed: list[str] = Field(default_factory=list[str])
    branch: Branch | None = None
    parent_id: str | None = None
    preview: Branch | None = None
    answers: list[str] = Field(default_factory=list[str])
    end: str | None = None


class NextPair(View):
    pair: Pair | None
    gallery: str = ""
    leaders: str = ""


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
    milliseconds: int | None = None
    guest_link: str | None = None
    merged: bool = False
    position: int = 0


class Standing(View):
    """An image after a vote."""

    candidate_id: str
    rating: int
    votes: int
    both_bad: int
    live: bool
    rank: int | None


class CastVote(Vote):
    """A vote and what followed from it; `kill_offered` are images found bad."""

    left: Standing
    right: Standing
    kill_offered: list[str]


class Preference(View):
    """0 is the image that stood on the left, 1 the one on the right. Names up to `user_id` are those of Pick-a-Pic."""

    caption: str
    jpg_0: str | None
    jpg_1: str | None
    label_0: float
    label_1: float
    has_label: bool
    are_different: bool
    best_image_uid: str | None
    image_0_uid: str
    image_1_uid: str
    image_0_url: str
    image_1_url: str
    model_0: str
    model_1: str
    num_example_per_prompt: int
    ranking_id: int
    created_at: datetime
    user_id: str
    voter_kind: str
    vote_id: str
    outcome: str
    milliseconds: int | None
    run_id: str
    run_name: str
    split: str
    step_order: int
    step_name: str
    image_0_path: str
    image_1_path: str
    image_0_sha256: str
    image_1_sha256: str
    seed_0: str
    seed_1: str
    variables: str


class Walk(View):
    """The next view to the left, or null and why there is none."""

    pair: Pair | None
    parent_id: str | None
    end: str | None
