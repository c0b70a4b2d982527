"""Votes of guests count, or are kept apart again."""

from __future__ import annotations

from dataclasses import dataclass

from carnival.contracts.ids import GuestLinkId, RunId
from carnival.contracts.vote import GuestVotesMerged, GuestVotesSeparated
from curation_api.application.known import known_run
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Runs
from curation_api.domain.idempotency import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoseVotes:
    """Those of one guest, of the guests of one link, or, with neither, of all guests of the run."""

    run_id: RunId
    guest_link: GuestLinkId | None = None
    voter: str | None = None


class MergeGuestVotesHandler:
    """Which votes that are is for the fold to say: those that stand in the log before the event."""

    def __init__(self, ledger: Ledger, runs: Runs) -> None:
        self._ledger = ledger
        self._runs = runs

    async def merge(self, whose: WhoseVotes, origin: Origin) -> Receipt[GuestVotesMerged]:
        """Raises RunUnknown and what `Ledger.once` raises."""

        async def decide() -> Proposal[GuestVotesMerged]:
            await known_run(self._runs, whose.run_id)
            return Proposal(
                GuestVotesMerged(run_id=whose.run_id, guest_link=whose.guest_link, voter=whose.voter),
            )

        return await self._ledger.once(origin, GuestVotesMerged, decide)

    async def separate(self, whose: WhoseVotes, origin: Origin) -> Receipt[GuestVotesSeparated]:
        """Raises RunUnknown and what `Ledger.once` raises."""

        async def decide() -> Proposal[GuestVotesSeparated]:
            await known_run(self._runs, whose.run_id)
            return Proposal(
                GuestVotesSeparated(run_id=whose.run_id, guest_link=whose.guest_link, voter=whose.voter),
            )

        return await self._ledger.once(origin, GuestVotesSeparated, decide)
