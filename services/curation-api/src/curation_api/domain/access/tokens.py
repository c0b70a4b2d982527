"""Bearer tokens: how they are made, and how they are recognised."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from carnival.contracts.access import Role, TokenIssued, TokenRevoked
from carnival.contracts.ids import EventId, TokenId, derived_id
from curation_api.domain.access.service_key import ServiceKey
from curation_api.domain.refusals import BadText, ExpiryPast

PREFIX: Final = "tc_"
"""Begins every token, so that a person and a scanner for leaked secrets know one when they see it."""

GUEST_PREFIX: Final = "guest:"
"""Begins the names of guests; nobody else may have such a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueToken:
    name: str
    role: Role
    expires_at: datetime | None = None


def secret_for(key: ServiceKey, event_id: EventId) -> str:
    """The token that belongs to the event which issues it: 256 bits, known to nobody without the service's key.

    Derived and not drawn, so that the command sent again is answered with the same token.
    """
    return PREFIX + base64.urlsafe_b64encode(key.derive("token", event_id)).decode().rstrip("=")


def digest_of_secret(secret: str) -> str:
    """The SHA-256 under which the log knows a token.

    A slow, salted hash protects passwords because they can be guessed. 256 random bits cannot, however fast the hash,
    and every request pays for it.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def issue_token(command: IssueToken, secret: str, now: datetime) -> TokenIssued:
    """Raises BadText, ExpiryPast for a name or an expiry that cannot be."""
    if command.name.startswith(GUEST_PREFIX):
        raise BadText(f"Names that begin with {GUEST_PREFIX!r} belong to guests")
    if command.expires_at is not None and command.expires_at <= now:
        raise ExpiryPast("The token would have expired already", expires_at=command.expires_at.isoformat())
    digest = digest_of_secret(secret)
    return TokenIssued(
        token_id=token_id_of(digest),
        name=command.name,
        role=command.role,
        secret_sha256=digest,
        expires_at=command.expires_at,
    )


def token_id_of(digest: str) -> TokenId:
    """A secret has one token, however often it is issued."""
    return TokenId(derived_id("token", digest))


def revocation(token_id: TokenId, *, revoked: bool) -> TokenRevoked | None:
    """None if it was revoked before."""
    return None if revoked else TokenRevoked(token_id=token_id)
