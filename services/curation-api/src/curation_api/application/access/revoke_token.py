"""A token taken back."""

from __future__ import annotations

from carnival.contracts.access import TokenRevoked
from carnival.contracts.ids import TokenId
from curation_api.application.known import known
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Registered
from curation_api.domain.access.refusals import TokenUnknown
from curation_api.domain.access.register import Register
from curation_api.domain.access.tokens import revocation
from curation_api.domain.idempotency import Origin

EFFECT_SECONDS_MAX = 2.0


class RevokeTokenHandler:
    def __init__(self, ledger: Ledger, registered: Registered, register: Register) -> None:
        self._ledger = ledger
        self._registered = registered
        self._register = register

    async def __call__(self, token_id: TokenId, origin: Origin) -> Receipt[TokenRevoked]:
        """Raises TokenUnknown and what `Ledger.once` raises."""

        async def decide() -> Proposal[TokenRevoked] | None:
            token = known(self._register.tokens.get(token_id), TokenUnknown, f"token {token_id}")
            event = revocation(token_id, revoked=token.revoked_at is not None)
            return Proposal(event) if event else None

        receipt = await self._ledger.once(origin, TokenRevoked, decide)
        if receipt.event is not None:
            await self._registered(receipt.position, EFFECT_SECONDS_MAX)
        return receipt
