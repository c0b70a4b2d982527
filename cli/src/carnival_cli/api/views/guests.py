"""Guests in the API's answers."""

from __future__ import annotations

from datetime import datetime

from carnival_cli.api.views.page import View, Written


class GuestLink(View):
    link_id: str
    run_id: str
    label: str
    state: str
    issued_at: datetime
    expires_at: datetime
    issued_by: str | None = None
    revoked_at: datetime | None = None


class IssuedGuestLink(Written[GuestLink]):
    """The only answer that holds the link itself."""

    url: str | None


class GuestFigures(View):
    voter: str
    guest_link: str
    votes: int
    merged: int
    last_at: datetime
    first_at: datetime | None = None


class RunGuests(View):
    run_id: str
    guests: list[GuestFigures]


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
    open_pairs: int


class BlindVote(View):
    """A guest's own vote."""

    vote_id: str
    left_id: str
    right_id: str
    outcome: str
    retracted: bool


class GuestPass(View):
    """A guest's identity. Whoever has the pass is this guest."""

    name: str
    guest_pass: str
    expires_at: datetime


class Guest(View):
    name: str
    expires_at: datetime


class NextBlindPair(View):
    """The next pair; null when all are done."""

    pair: BlindPair | None
