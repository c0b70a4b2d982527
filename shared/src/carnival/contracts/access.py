"""Who may use the hub. Written by curation-api, and folded by it; the read model passes these events by."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from carnival.contracts.envelope import Event
from carnival.contracts.ids import GuestLinkId, Position, RunId, TokenId, WebhookId

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


class WebhookCreated(Event):
    """Events are sent to `url` from here on, those of `types` and `run_ids`; empty: all but those about access.

    The secret of its signatures is not in here: it is derived from the service's key.
    """

    wire_name: ClassVar[str] = "WebhookCreated"

    webhook_id: WebhookId
    url: str
    types: tuple[str, ...] = ()
    run_ids: tuple[RunId, ...] = ()


class WebhookDeleted(Event):
    """Nothing is sent there any more."""

    wire_name: ClassVar[str] = "WebhookDeleted"

    webhook_id: WebhookId


class WebhookDeliveryAbandoned(Event):
    """The event at `position` could not be delivered in so many tries, the last of which failed for `reason`."""

    wire_name: ClassVar[str] = "WebhookDeliveryAbandoned"

    webhook_id: WebhookId
    position: Position
    reason: str
    tries: int


class WebhookRedelivered(Event):
    """Somebody had the event at `position` sent again after it was given up, and the receiver took it."""

    wire_name: ClassVar[str] = "WebhookRedelivered"

    webhook_id: WebhookId
    position: Position
