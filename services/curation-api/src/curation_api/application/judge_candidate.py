"""Killing and restoring one candidate (KILL-1, KILL-7)."""

from __future__ import annotations

from carnival.contracts.candidate import CandidateRejected, CandidateRestored
from carnival.contracts.ids import CandidateId
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Candidates
from curation_api.domain.candidate import CandidateState, reject_candidate, restore_candidate
from curation_api.domain.idempotency import Origin
from curation_api.domain.refusals import CandidateUnknown


class JudgeCandidateHandler:
    """Every method raises CandidateUnknown and what `Ledger.once` raises."""

    def __init__(self, ledger: Ledger, candidates: Candidates) -> None:
        self._ledger = ledger
        self._candidates = candidates

    async def reject(self, candidate_id: CandidateId, note: str, origin: Origin) -> Receipt[CandidateRejected]:
        async def decide() -> Proposal[CandidateRejected] | None:
            event = reject_candidate(await self._known(candidate_id), note)
            return Proposal(event) if event else None

        return await self._ledger.once(origin, CandidateRejected, decide)

    async def restore(self, candidate_id: CandidateId, origin: Origin) -> Receipt[CandidateRestored]:
        async def decide() -> Proposal[CandidateRestored] | None:
            event = restore_candidate(await self._known(candidate_id))
            return Proposal(event) if event else None

        return await self._ledger.once(origin, CandidateRestored, decide)

    async def _known(self, candidate_id: CandidateId) -> CandidateState:
        candidate = await self._candidates.state(candidate_id)
        if candidate is None:
            raise CandidateUnknown(f"There is no candidate {candidate_id}", candidate_id=candidate_id)
        return candidate
