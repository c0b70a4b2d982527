"""Guests: what they see, which is two images and nothing else, and what is to be seen of them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from carnival.contracts.vote import Outcome
from curation_api.application.views.page import View


class GuestPassView(View):
    """A guest's identity. Whoever has the pass is this guest."""

    name: str = Field(description="The name the hub gave this guest; it stands as the voter of the votes.")
    guest_pass: str = Field(
        description="Sent as `Authorization: Bearer`; a browser has it as a cookie.", examples=["tg_x"]
    )
    expires_at: datetime


class GuestView(View):
    name: str = Field(description="The name the hub gave this guest; it stands as the voter of the votes.")
    expires_at: datetime


class BlindSide(View):
    """One side of a pair, as a guest sees it."""

    candidate_id: str
    width: int
    height: int
    image: str


class BlindPair(View):
    step_name: str
    left: BlindSide
    right: BlindSide
    open_pairs: int = Field(description="Pairs of this step the guest has not voted on.")


class NextBlindPair(View):
    """The next pair; null when all are done."""

    pair: BlindPair | None


class BlindVote(View):
    """A guest's own vote."""

    vote_id: str
    left_id: str
    right_id: str
    outcome: Outcome
    retracted: bool


class GuestLinkView(View):
    """A link for guests. No view holds its secret."""

    link_id: str
    run_id: str
    label: str
    issued_at: datetime
    issued_by: str | None
    expires_at: datetime
    revoked_at: datetime | None
    state: str = Field(description="active, expired or revoked.", examples=["active"])


class GuestFigures(View):
    """What one guest has done in a run."""

    voter: str = Field(description="The guest's name.")
    guest_link: str
    votes: int = Field(description="Votes that were not taken back.")
    merged: int = Field(description="Those of them that count for ratings.")
    first_at: datetime
    last_at: datetime


class RunGuests(View):
    """The guests of a run who have voted, those with most votes first."""

    run_id: str
    guests: list[GuestFigures] = Field(description="1,000 at the most.")
