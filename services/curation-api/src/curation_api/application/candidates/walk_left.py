"""Where the view goes after a kill (KILL-2 to KILL-4)."""

from __future__ import annotations

from carnival.contracts.ids import CandidateId, RunId
from curation_api.application.known import known_candidate
from curation_api.application.ports import Candidates
from curation_api.domain.kill_walk import WalkEnd, WalkStep, walk_left
from curation_api.domain.refusals import CandidateElsewhere


class WalkLeftHandler:
    def __init__(self, candidates: Candidates) -> None:
        self._candidates = candidates

    async def __call__(self, run_id: RunId, candidate_id: CandidateId, voter: str) -> WalkStep | WalkEnd:
        """Raises CandidateUnknown, CandidateElsewhere."""
        candidate = await known_candidate(self._candidates, candidate_id)
        if candidate.run_id != run_id:
            raise CandidateElsewhere("The candidate belongs to another run", run_id=candidate.run_id)
        return walk_left(await self._candidates.walk_state(candidate, voter))
