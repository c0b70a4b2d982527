"""Who sends a request, and what that person may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from carnival.contracts.access import Role
from carnival.contracts.ids import TokenId
from curation_api.domain.access.refusals import ActingForOthers, CredentialMissing, RoleTooLow

LADDER: Final = tuple(Role)
LOCAL: Final = "local"
HOW_TO_SIGN_IN: Final = (
    "Send `Authorization: Bearer <token>`. On the hub's own machine `carnival` finds the token by itself; elsewhere set"
    " CARNIVAL_TOKEN. For a browser `carnival sign-in` prints a link."
)


class Anyone(StrEnum):
    """The least role of a route that asks for none."""

    ANYONE = "anyone"


Least = Role | Anyone
"""What a route asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody with a role. `token_id` is the token behind it, None for others; `expires_at`: not known after that."""

    name: str
    role: Role
    token_id: TokenId | None = None
    expires_at: datetime | None = None


LOCAL_OPERATOR: Final = Member(name=LOCAL, role=Role.OPERATOR)
"""Everybody, where authentication is off."""


def check_role(principal: Member | None, least: Role) -> Member:
    """The principal, if its role is `least` or more. Raises CredentialMissing, RoleTooLow."""
    if principal is None:
        raise CredentialMissing(HOW_TO_SIGN_IN, needed_role=least.value)
    if LADDER.index(principal.role) < LADDER.index(least):
        raise RoleTooLow(
            f"This needs the role {least.value}; {principal.name!r} is {principal.role.value}",
            needed_role=least.value,
            role=principal.role.value,
        )
    return principal


def acting_as(principal: Member, named: str | None) -> str:
    """The name under which `principal` acts: its own, or for operators any other. Raises ActingForOthers."""
    if named is None or named == principal.name or principal.role is Role.OPERATOR:
        return named or principal.name
    raise ActingForOthers(f"{principal.name!r} cannot act as {named!r}; that is for operators", name=principal.name)
