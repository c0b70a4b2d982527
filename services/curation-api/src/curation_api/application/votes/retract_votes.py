"""Many votes of one voter taken back by one command: all or none (VOTE-7)."""

from __future__ import annotations

from collections.abc import Sequence

from carnival.contracts.envelope import Event
from carnival.contracts.ids import VoteId
from curation_api.application.batch_ledger import BatchLedger, BatchReceipt, Proposals
from curation_api.application.ports import Votes
from curation_api.domain.idempotency import Origin
from curation_api.domain.voting import retract_votes


class RetractVotesHandler:
    def __init__(self, ledger: BatchLedger, votes: Votes) -> None:
        self._ledger = ledger
        self._votes = votes

    async def __call__(self, vote_ids: Sequence[VoteId], voter: str, origin: Origin) -> BatchReceipt:
        """Raises VoteUnknown, OtherVoter for the whole command, and what `BatchLedger.once` raises."""

        async def decide() -> Proposals[Event]:
            return Proposals(retract_votes(await self._votes.states(vote_ids), vote_ids, voter))

        return await self._ledger.once(origin, list(dict.fromkeys(vote_ids)), decide)
