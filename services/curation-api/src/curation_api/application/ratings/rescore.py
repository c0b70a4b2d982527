"""Other rating systems: asked for, promoted, dropped. The projector computes."""

from __future__ import annotations

from carnival.contracts.ids import derived_id
from carnival.contracts.rating import RatingChoice, RatingSystemPromoted, RescoringDropped, RescoringRequested
from curation_api.application.known import known
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Rescorings
from curation_api.domain.idempotency import Origin
from curation_api.domain.rating import RescoringState, drop, promote, request_rescoring
from curation_api.domain.rating_refusals import RescoringUnknown


class RescoreHandler:
    def __init__(self, ledger: Ledger, rescorings: Rescorings) -> None:
        self._ledger = ledger
        self._rescorings = rescorings

    async def request(self, choice: RatingChoice, origin: Origin) -> Receipt[RescoringRequested]:
        """Raises BadRatingSystem and what `Ledger.once` raises."""

        async def decide() -> Proposal[RescoringRequested]:
            return Proposal(request_rescoring(choice, derived_id("rescoring", origin.event_id)))

        return await self._ledger.once(origin, RescoringRequested, decide)

    async def promote(self, rescoring_id: str, origin: Origin) -> Receipt[RatingSystemPromoted]:
        """Raises RescoringUnknown, RescoringUnfinished, RescoringSettled and what `Ledger.once` raises."""

        async def decide() -> Proposal[RatingSystemPromoted] | None:
            event = promote(await self._known(rescoring_id))
            return Proposal(event) if event else None

        return await self._ledger.once(origin, RatingSystemPromoted, decide)

    async def drop(self, rescoring_id: str, origin: Origin) -> Receipt[RescoringDropped]:
        """Raises RescoringUnknown, RescoringSettled and what `Ledger.once` raises."""

        async def decide() -> Proposal[RescoringDropped] | None:
            event = drop(await self._known(rescoring_id))
            return Proposal(event) if event else None

        return await self._ledger.once(origin, RescoringDropped, decide)

    async def _known(self, rescoring_id: str) -> RescoringState:
        return known(await self._rescorings.state(rescoring_id), RescoringUnknown, f"rescoring {rescoring_id}")
