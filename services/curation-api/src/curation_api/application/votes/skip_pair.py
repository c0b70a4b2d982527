"""A voter does not want to decide a pair now (PAIR-6)."""

from __future__ import annotations

from carnival.contracts.ids import CandidateId, RunId
from carnival.contracts.vote import VoteCast
from curation_api.application.ledger import Ledger, Receipt
from curation_api.application.ports import Skips, Votes
from curation_api.domain.idempotency import Origin
from curation_api.domain.voting import votable


class SkipPairHandler:
    """A skip is no fact about the images, so it is remembered for an hour beside the log. It casts no vote."""

    def __init__(self, ledger: Ledger, votes: Votes, skips: Skips) -> None:
        self._ledger = ledger
        self._votes = votes
        self._skips = skips

    async def __call__(
        self, left_id: CandidateId, right_id: CandidateId, voter: str, run_id: RunId | None, origin: Origin
    ) -> Receipt[VoteCast]:
        """Changes nothing. Raises LogUnavailable and what `votable` and `Ledger.once` raise."""

        async def decide() -> None:
            left, right = votable(await self._votes.ballot(left_id, right_id, voter), left_id, right_id, run_id)
            await self._skips.add(left.run_id, voter, frozenset((left.candidate_id, right.candidate_id)))

        return await self._ledger.once(origin, VoteCast, decide)
