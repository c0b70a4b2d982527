"""Many candidates killed or restored by one command: all or none (KILL-1, KILL-7)."""

from __future__ import annotations

from collections.abc import Sequence

from carnival.contracts.envelope import Event
from carnival.contracts.ids import CandidateId
from curation_api.application.batch_ledger import BatchLedger, BatchReceipt, Proposals
from curation_api.application.ports import Candidates
from curation_api.domain.candidate import known_all, reject_candidate, restore_candidate
from curation_api.domain.idempotency import Origin


class JudgeCandidatesHandler:
    def __init__(self, ledger: BatchLedger, candidates: Candidates) -> None:
        self._ledger = ledger
        self._candidates = candidates

    async def reject(self, candidate_ids: Sequence[CandidateId], note: str, origin: Origin) -> BatchReceipt:
        """Raises CandidateUnknown for the whole command, and what `BatchLedger.once` raises."""

        async def decide() -> Proposals[Event]:
            found = known_all(await self._candidates.states(candidate_ids), candidate_ids)
            return Proposals({one.candidate_id: reject_candidate(one, note) for one in found})

        return await self._ledger.once(origin, list(dict.fromkeys(candidate_ids)), decide)

    async def restore(self, candidate_ids: Sequence[CandidateId], origin: Origin) -> BatchReceipt:
        """Raises as `reject`."""

        async def decide() -> Proposals[Event]:
            found = known_all(await self._candidates.states(candidate_ids), candidate_ids)
            return Proposals({one.candidate_id: restore_candidate(one) for one in found})

        return await self._ledger.once(origin, list(dict.fromkeys(candidate_ids)), decide)
