"""Who sends a request, and what that person may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from carnival.contracts.access import Role
from carnival.contracts.ids import GuestLinkId, RunId, TokenId
from curation_api.domain.access.refusals import ActingForOthers, CredentialMissing, GuestsOnly, NotForGuests, RoleTooLow

LADDER: Final = tuple(Role)
LOCAL: Final = "local"
HOW_TO_SIGN_IN: Final = (
    "Send `Authorization: Bearer <token>`. On the hub's own machine `carnival` finds the token by itself; elsewhere set"
    " CARNIVAL_TOKEN. For a browser `carnival sign-in` prints a link."
)


class Anyone(StrEnum):
    """The least role of a route that asks for none."""

    ANYONE = "anyone"


class Guests(StrEnum):
    """The least role of a route that is for guests alone."""

    GUEST = "guest"


Least = Role | Anyone | Guests
"""What a route asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody with a role. `token_id` is the token behind it, None for others; `expires_at`: not known after that."""

    name: str
    role: Role
    token_id: TokenId | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody who came by a link, to vote blindly on its run."""

    name: str
    link_id: GuestLinkId
    run_id: RunId
    expires_at: datetime


Principal = Member | Guest

LOCAL_OPERATOR: Final = Member(name=LOCAL, role=Role.OPERATOR)
"""Everybody, where authentication is off."""


def check_role(principal: Principal | None, least: Role | Guests) -> Principal:
    """The principal, if it may do what `least` may.

    Raises CredentialMissing, RoleTooLow, NotForGuests, and GuestsOnly for members where guests are meant.
    """
    if principal is None:
        raise CredentialMissing(HOW_TO_SIGN_IN, needed_role=least.value)
    if isinstance(principal, Guest):
        if least is Guests.GUEST:
            return principal
        raise NotForGuests("Guests see pairs and vote on them; nothing else", needed_role=least.value)
    if least is Guests.GUEST:
        raise GuestsOnly(f"This is for guests; {principal.name!r} is {principal.role.value}", role=principal.role.value)
    if LADDER.index(principal.role) < LADDER.index(least):
        raise RoleTooLow(
            f"This needs the role {least.value}; {principal.name!r} is {principal.role.value}",
            needed_role=least.value,
            role=principal.role.value,
        )
    return principal


def acting_as(principal: Principal, named: str | None) -> str:
    """The name under which `principal` acts: its own, or for operators any other. Raises ActingForOthers."""
    for_others = isinstance(principal, Member) and principal.role is Role.OPERATOR
    if named is None or named == principal.name or for_others:
        return named or principal.name
    raise ActingForOthers(f"{principal.name!r} cannot act as {named!r}; that is for operators", name=principal.name)
