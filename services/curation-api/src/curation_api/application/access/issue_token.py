"""A bearer token for somebody."""

from __future__ import annotations

from dataclasses import dataclass

from carnival.contracts.access import TokenIssued
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Clock, Registered
from curation_api.domain.access.service_key import ServiceKey
from curation_api.domain.access.tokens import IssueToken, digest_of_secret, issue_token, secret_for
from curation_api.domain.idempotency import Origin

EFFECT_SECONDS_MAX = 2.0


@dataclass(frozen=True, slots=True)
class Issued:
    """`secret` is None when the command is older than the service's present key: then nobody knows it any more."""

    receipt: Receipt[TokenIssued]
    secret: str | None


class IssueTokenHandler:
    def __init__(self, ledger: Ledger, registered: Registered, key: ServiceKey, clock: Clock) -> None:
        self._ledger = ledger
        self._registered = registered
        self._key = key
        self._clock = clock

    async def __call__(self, command: IssueToken, origin: Origin) -> Issued:
        """Raises BadText, ExpiryPast and what `Ledger.once` raises."""
        secret = secret_for(self._key, origin.event_id)

        async def decide() -> Proposal[TokenIssued]:
            return Proposal(issue_token(command, secret, self._clock()))

        receipt = await self._ledger.once(origin, TokenIssued, decide)
        await self._registered(receipt.position, EFFECT_SECONDS_MAX)
        same = receipt.event is not None and receipt.event.secret_sha256 == digest_of_secret(secret)
        return Issued(receipt, secret if same else None)
