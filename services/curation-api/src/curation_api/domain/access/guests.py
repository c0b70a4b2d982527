"""Guests: whoever has a link may vote blindly on one run, each under a name of its own."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from carnival.contracts.access import GuestLinkIssued, GuestLinkRevoked
from carnival.contracts.ids import EventId, GuestLinkId, RunId, derived_id
from curation_api.domain.access.refusals import CredentialRefused
from curation_api.domain.access.service_key import ServiceKey
from curation_api.domain.access.sessions import seal, unsealed
from curation_api.domain.access.tokens import GUEST_PREFIX, digest_of_secret
from curation_api.domain.refusals import ExpiryPast

LINK_PREFIX: Final = "tl_"
"""Begins the secret of a link."""

PASS_PREFIX: Final = "tg_"  # noqa: S105 - a prefix, no secret
"""Begins what a guest is known by from then on."""

PURPOSE: Final = "guest"


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteGuests:
    run_id: RunId
    label: str
    expires_at: datetime


class GuestPass(BaseModel):
    """What makes a browser or a program one guest: sealed, so that nothing is stored for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    link_id: GuestLinkId
    name: str


def link_secret_for(key: ServiceKey, event_id: EventId) -> str:
    """As with tokens: derived of the event that issues the link, so that the same command gives the same link."""
    return LINK_PREFIX + base64.urlsafe_b64encode(key.derive("guest-link", event_id)).decode().rstrip("=")


def invite_guests(command: InviteGuests, secret: str, now: datetime) -> GuestLinkIssued:
    """Raises ExpiryPast."""
    if command.expires_at <= now:
        raise ExpiryPast("The link would have expired already", expires_at=command.expires_at.isoformat())
    digest = digest_of_secret(secret)
    return GuestLinkIssued(
        link_id=GuestLinkId(derived_id("guest-link", digest)),
        run_id=command.run_id,
        label=command.label,
        secret_sha256=digest,
        expires_at=command.expires_at,
    )


def dismissal(link_id: GuestLinkId, *, revoked: bool) -> GuestLinkRevoked | None:
    """None if the link was revoked before."""
    return None if revoked else GuestLinkRevoked(link_id=link_id)


def guest_name(drawn: str) -> str:
    """The name of a guest; `drawn` is random, so that no two guests share one."""
    return f"{GUEST_PREFIX}{drawn}"


def sealed_pass(guest: GuestPass, key: ServiceKey) -> str:
    return PASS_PREFIX + seal(guest, key, PURPOSE)


def opened_pass(text: str, key: ServiceKey) -> GuestPass:
    """Raises CredentialRefused for what this hub has not sealed."""
    if not text.startswith(PASS_PREFIX):
        raise CredentialRefused("This is no guest's pass")
    return unsealed(GuestPass, text.removeprefix(PASS_PREFIX), key, PURPOSE)
