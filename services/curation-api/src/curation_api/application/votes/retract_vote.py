"""A vote taken back (VOTE-7)."""

from __future__ import annotations

from carnival.contracts.ids import VoteId
from carnival.contracts.vote import VoteRetracted
from curation_api.application.known import known
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Votes
from curation_api.domain.idempotency import Origin
from curation_api.domain.refusals import VoteUnknown
from curation_api.domain.voting import retract_vote


class RetractVoteHandler:
    def __init__(self, ledger: Ledger, votes: Votes) -> None:
        self._ledger = ledger
        self._votes = votes

    async def __call__(self, vote_id: VoteId, voter: str, origin: Origin) -> Receipt[VoteRetracted]:
        """Raises VoteUnknown, OtherVoter and what `Ledger.once` raises."""

        async def decide() -> Proposal[VoteRetracted] | None:
            vote = known(await self._votes.state(vote_id), VoteUnknown, f"vote {vote_id}")
            event = retract_vote(vote, voter)
            return Proposal(event) if event else None

        return await self._ledger.once(origin, VoteRetracted, decide)
