"""No more jobs at a server or a gateway, and jobs there again. The gateway obeys."""

from __future__ import annotations

from carnival.contracts.drain import DrainRequested, Drains, DrainWithdrawn
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Fleet, Registered
from curation_api.domain.fleet import Place, request_drain, withdraw_drain
from curation_api.domain.idempotency import Origin

EFFECT_SECONDS_MAX = 2.0


class DrainHandler:
    def __init__(self, ledger: Ledger, drains: Drains, folded: Registered, fleet: Fleet) -> None:
        self._ledger = ledger
        self._drains = drains
        self._folded = folded
        self._fleet = fleet

    async def drain(self, place: Place, reason: str, origin: Origin) -> Receipt[DrainRequested]:
        """Raises GatewayUnknown, NodeUnknown, LogUnavailable and what `Ledger.once` raises."""

        async def decide() -> Proposal[DrainRequested] | None:
            event = request_drain(place, reason, self._drains, await self._fleet.nodes())
            return Proposal(event) if event else None

        receipt = await self._ledger.once(origin, DrainRequested, decide)
        if receipt.event is not None:
            await self._folded(receipt.position, EFFECT_SECONDS_MAX)
        return receipt

    async def undrain(self, place: Place, origin: Origin) -> Receipt[DrainWithdrawn]:
        """Raises GatewayUnknown, NodeUnknown, GatewayDrained, LogUnavailable and what `Ledger.once` raises."""

        async def decide() -> Proposal[DrainWithdrawn] | None:
            event = withdraw_drain(place, self._drains, await self._fleet.nodes())
            return Proposal(event) if event else None

        receipt = await self._ledger.once(origin, DrainWithdrawn, decide)
        if receipt.event is not None:
            await self._folded(receipt.position, EFFECT_SECONDS_MAX)
        return receipt
