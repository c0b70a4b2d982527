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


class IssuedGuestLink(Written):
    """The only answer that holds the link itself."""

    url: str | None


class GuestFigures(View):
    voter: str
    guest_link: str
    votes: int
    merged: int
    last_at: datetime


class RunGuests(View):
    run_id: str
    guests: list[GuestFigures]
