"""A link for guests of one run, and the end of one."""

from __future__ import annotations

from dataclasses import dataclass

from carnival.contracts.access import GuestLinkIssued, GuestLinkRevoked
from carnival.contracts.ids import GuestLinkId
from curation_api.application.known import known, known_run
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Clock, Registered, Runs
from curation_api.domain.access.guests import InviteGuests, dismissal, invite_guests, link_secret_for
from curation_api.domain.access.refusals import GuestLinkUnknown
from curation_api.domain.access.register import Register
from curation_api.domain.access.service_key import ServiceKey
from curation_api.domain.access.tokens import digest_of_secret
from curation_api.domain.idempotency import Origin

EFFECT_SECONDS_MAX = 2.0


@dataclass(frozen=True, slots=True)
class Invited:
    """`secret` is None when the command is older than the service's present key: then nobody knows it any more."""

    receipt: Receipt[GuestLinkIssued]
    secret: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteGuestsHandler:
    ledger: Ledger
    registered: Registered
    register: Register
    runs: Runs
    key: ServiceKey
    clock: Clock

    async def invite(self, command: InviteGuests, origin: Origin) -> Invited:
        """Raises RunUnknown, ExpiryPast and what `Ledger.once` raises."""
        secret = link_secret_for(self.key, origin.event_id)

        async def decide() -> Proposal[GuestLinkIssued]:
            await known_run(self.runs, command.run_id)
            return Proposal(invite_guests(command, secret, self.clock()))

        receipt = await self.ledger.once(origin, GuestLinkIssued, decide)
        await self.registered(receipt.position, EFFECT_SECONDS_MAX)
        same = receipt.event is not None and receipt.event.secret_sha256 == digest_of_secret(secret)
        return Invited(receipt, secret if same else None)

    async def revoke(self, link_id: GuestLinkId, origin: Origin) -> Receipt[GuestLinkRevoked]:
        """Raises GuestLinkUnknown and what `Ledger.once` raises."""

        async def decide() -> Proposal[GuestLinkRevoked] | None:
            link = known(self.register.links.get(link_id), GuestLinkUnknown, f"guest link {link_id}")
            event = dismissal(link_id, revoked=link.revoked_at is not None)
            return Proposal(event) if event else None

        receipt = await self.ledger.once(origin, GuestLinkRevoked, decide)
        if receipt.event is not None:
            await self.registered(receipt.position, EFFECT_SECONDS_MAX)
        return receipt
