"""All that can be done with pairs and votes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from curation_api.application.batch_ledger import BatchLedger
from curation_api.application.books import Books
from curation_api.application.ledger import Ledger
from curation_api.application.ports import Runs, Skips, Votes
from curation_api.application.votes.cast_vote import CastVoteHandler
from curation_api.application.votes.merge_guest_votes import MergeGuestVotesHandler
from curation_api.application.votes.offer_pair import OfferPairHandler
from curation_api.application.votes.retract_vote import RetractVoteHandler
from curation_api.application.votes.retract_votes import RetractVotesHandler
from curation_api.application.votes.skip_pair import SkipPairHandler
from curation_api.domain.pairing import Chance


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteUseCases:
    offer_pair: OfferPairHandler
    cast: CastVoteHandler
    skip: SkipPairHandler
    retract: RetractVoteHandler
    retract_many: RetractVotesHandler
    of_guests: MergeGuestVotesHandler

    @classmethod
    def over(cls, books: Books, *, runs: Runs, votes: Votes, skips: Skips, chance: Chance) -> Self:
        ledger = Ledger(books)
        return cls(
            offer_pair=OfferPairHandler(runs, votes, skips, chance),
            cast=CastVoteHandler(ledger, votes),
            skip=SkipPairHandler(ledger, votes, skips),
            retract=RetractVoteHandler(ledger, votes),
            retract_many=RetractVotesHandler(BatchLedger(books), votes),
            of_guests=MergeGuestVotesHandler(ledger, runs),
        )
