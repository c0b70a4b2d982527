"""A rejection is taken back (KILL-7)."""

from __future__ import annotations

from carnival.contracts.candidate import CandidateRestored
from carnival.contracts.ids import CandidateId
from curation_api.application.known import known_candidate
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Candidates
from curation_api.domain.candidate import restore_candidate
from curation_api.domain.idempotency import Origin


class RestoreCandidateHandler:
    def __init__(self, ledger: Ledger, candidates: Candidates) -> None:
        self._ledger = ledger
        self._candidates = candidates

    async def __call__(self, candidate_id: CandidateId, origin: Origin) -> Receipt[CandidateRestored]:
        """Raises CandidateUnknown and what `Ledger.once` raises."""

        async def decide() -> Proposal[CandidateRestored] | None:
            candidate = await known_candidate(self._candidates, candidate_id)
            event = restore_candidate(candidate)
            return Proposal(event) if event else None

        return await self._ledger.once(origin, CandidateRestored, decide)
