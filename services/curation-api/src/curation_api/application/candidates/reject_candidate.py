"""A person kills an image (KILL-1)."""

from __future__ import annotations

from carnival.contracts.candidate import CandidateRejected
from carnival.contracts.ids import CandidateId
from curation_api.application.known import known_candidate
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Candidates
from curation_api.domain.candidate import reject_candidate
from curation_api.domain.idempotency import Origin


class RejectCandidateHandler:
    def __init__(self, ledger: Ledger, candidates: Candidates) -> None:
        self._ledger = ledger
        self._candidates = candidates

    async def __call__(self, candidate_id: CandidateId, note: str, origin: Origin) -> Receipt[CandidateRejected]:
        """Raises CandidateUnknown and what `Ledger.once` raises."""

        async def decide() -> Proposal[CandidateRejected] | None:
            candidate = await known_candidate(self._candidates, candidate_id)
            event = reject_candidate(candidate, note)
            return Proposal(event) if event else None

        return await self._ledger.once(origin, CandidateRejected, decide)
