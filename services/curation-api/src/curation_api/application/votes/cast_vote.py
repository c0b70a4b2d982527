"""One choice between two images (VOTE-1 to VOTE-6)."""

from __future__ import annotations

from carnival.contracts.ids import VoteId, derived_id
from carnival.contracts.vote import VoteCast
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Votes
from curation_api.domain.idempotency import Origin
from curation_api.domain.voting import CastVote, cast_vote


class CastVoteHandler:
    def __init__(self, ledger: Ledger, votes: Votes) -> None:
        self._ledger = ledger
        self._votes = votes

    async def __call__(self, command: CastVote, origin: Origin) -> Receipt[VoteCast]:
        """Raises what `cast_vote` and `Ledger.once` raise."""
        vote_id = VoteId(derived_id("vote", origin.event_id))

        async def decide() -> Proposal[VoteCast]:
            ballot = await self._votes.ballot(command.left_id, command.right_id, command.voter)
            return Proposal(cast_vote(ballot, command, vote_id))

        return await self._ledger.once(origin, VoteCast, decide)
