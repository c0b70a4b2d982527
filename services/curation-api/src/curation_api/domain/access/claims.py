"""What the claims of somebody else's token say here: who that is, and in which role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from carnival.contracts.access import Role
from curation_api.domain.access.principals import LADDER, Member
from curation_api.domain.access.refusals import CredentialRefused
from curation_api.domain.access.tokens import GUEST_PREFIX

NAME_LENGTH_MAX: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRules:
    """`roles_claim` may be a path with dots, as in `realm_access.roles`; `roles` maps the issuer's names to ours."""

    name_claim: str
    roles_claim: str
    roles: Mapping[str, Role]


def member_of_claims(claims: Mapping[str, object], rules: ClaimRules) -> Member:
    """The sender, in the highest role its claims give. `claims` were verified. Raises CredentialRefused."""
    given = [rules.roles[name] for name in _names_at(claims, rules.roles_claim) if name in rules.roles]
    if not given:
        raise CredentialRefused(f"The token gives no role of this hub (claim {rules.roles_claim!r})")
    expires = claims.get("exp")
    if not isinstance(expires, int | float):
        raise CredentialRefused("The token does not say when it expires")
    return Member(
        name=_name(claims, rules.name_claim),
        role=max(given, key=LADDER.index),
        expires_at=datetime.fromtimestamp(expires, UTC),
    )


def _name(claims: Mapping[str, object], claim: str) -> str:
    name = claims.get(claim)
    if not isinstance(name, str) or not name.strip() or len(name) > NAME_LENGTH_MAX or not name.isprintable():
        raise CredentialRefused(f"The token's claim {claim!r} is no name of 1 to {NAME_LENGTH_MAX} characters")
    if name.startswith(GUEST_PREFIX):
        raise CredentialRefused(f"Names that begin with {GUEST_PREFIX!r} belong to guests")
    return name


def _names_at(claims: Mapping[str, object], path: str) -> list[str]:
    """One name, names with spaces between them, or a list of names. A claim whose own name has dots goes first."""
    found: object = claims.get(path)
    if found is None:
        found = claims
        for part in path.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return found.split()
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []
