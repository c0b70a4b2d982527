"""A voter does not want to decide a pair now (PAIR-6)."""

from __future__ import annotations

from carnival.contracts.ids import CandidateId, RunId
from curation_api.application.ports import Skips, Votes
from curation_api.domain.voting import votable


class SkipPairHandler:
    """A skip is no fact about the images, so it stands in no log: it is remembered for an hour beside it."""

    def __init__(self, votes: Votes, skips: Skips) -> None:
        self._votes = votes
        self._skips = skips

    async def __call__(self, left_id: CandidateId, right_id: CandidateId, voter: str, run_id: RunId | None) -> None:
        """Raises LogUnavailable and what `votable` raises."""
        left, right = votable(await self._votes.ballot(left_id, right_id, voter), left_id, right_id, run_id)
        await self._skips.add(left.run_id, voter, frozenset((left.candidate_id, right.candidate_id)))
