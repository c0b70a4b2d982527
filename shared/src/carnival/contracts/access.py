"""Who may use the hub. Written by curation-api, and folded by it; the read model passes these events by."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from carnival.contracts.envelope import Event
from carnival.contracts.ids import GuestLinkId, RunId, TokenId

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Role(StrEnum):
    """From the least to the most; each may do what those before it may."""

    VIEWER = "viewer"
    VOTER = "voter"
    CURATOR = "curator"
    OPERATOR = "operator"


class TokenIssued(Event):
    """A bearer token exists. Its secret is known to its owner alone; the log keeps the secret's SHA-256.

    `name` is who acts with it: the voter of its votes. None as `expires_at` means until revoked.
    """

    wire_name: ClassVar[str] = "TokenIssued"

    token_id: TokenId
    name: Annotated[str, Field(min_length=1)]
    role: Role
    secret_sha256: Sha256
    expires_at: AwareDatetime | None = None


class TokenRevoked(Event):
    """The token opens nothing any more, and with it end the browser sessions it signed in."""

    wire_name: ClassVar[str] = "TokenRevoked"

    token_id: TokenId


class GuestLinkIssued(Event):
    """Whoever has the link may vote blindly on one run until it expires, as a guest of a name of its own.

    `label` says whom the link is for. The log keeps the SHA-256 of the link's secret.
    """

    wire_name: ClassVar[str] = "GuestLinkIssued"

    link_id: GuestLinkId
    run_id: RunId
    label: str = ""
    secret_sha256: Sha256
    expires_at: AwareDatetime


class GuestLinkRevoked(Event):
    """The link opens nothing any more, and its guests can do nothing further. Their votes stay as they are."""

    wire_name: ClassVar[str] = "GuestLinkRevoked"

    link_id: GuestLinkId
