"""The kill-left walk: a kill, then its parent beside a partner, and so on to the base (KILL-2 to KILL-4).

A walk is named by the event id of its first kill and told by the events alone, so no crash can lose one.
"""

from __future__ import annotations

from dataclasses import dataclass

from carnival.contracts.candidate import CandidateRejected
from carnival.contracts.envelope import Event, Recorded
from carnival.contracts.ids import CandidateId, EventId
from carnival.log.port import EventLog
from curation_api.application.batch_ledger import BatchLedger, BatchReceipt, Proposals
from curation_api.application.known import known, known_candidate
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Candidates, Judgements
from curation_api.domain.candidate import restore_candidate
from curation_api.domain.idempotency import Origin
from curation_api.domain.kill_walk import (
    Ancestor,
    Walk,
    WalkAnswer,
    WalkEnd,
    WalkStep,
    answer_walk,
    start_walk,
    walk_left,
)
from curation_api.domain.refusals import WalkUnknown


@dataclass(frozen=True, slots=True)
class WalkPlace:
    """A walk and what is to be seen at one place of it: the parent of `at`, or why there is nothing more."""

    walk: Walk
    at: Ancestor | None
    view: WalkStep | WalkEnd


class Walks:
    """Finds walks by the events that they are made of."""

    def __init__(self, log: EventLog, judgements: Judgements, candidates: Candidates) -> None:
        self._log = log
        self._judgements = judgements
        self._candidates = candidates

    async def known(self, walk_id: EventId) -> Walk:
        """Raises WalkUnknown."""
        return known(await self.found(walk_id), WalkUnknown, f"kill-left walk {walk_id}")

    async def found(self, walk_id: EventId) -> Walk | None:
        """The walk, if there is one."""
        position = await self._judgements.position_of(walk_id)
        entry = None if position is None else await self._log.at(position)
        if (
            not isinstance(entry, Recorded)
            or not isinstance(entry.event, CandidateRejected)
            or entry.event.walk_id != walk_id
        ):
            return None
        return Walk(walk_id=walk_id, path=await self._candidates.ancestry(entry.event.candidate_id))

    async def show(self, walk_id: EventId, at: CandidateId | None, voter: str, *, content: bool = False) -> WalkPlace:
        """The parent of `at`, by default that of what was killed furthest left, beside its partner.

        `content` says that the person has seen enough. Raises WalkUnknown, CandidateElsewhere.
        """
        walk = await self.known(walk_id)
        place = walk.place(at)
        if place is None:
            return WalkPlace(walk, place, WalkEnd.UNDONE)
        if content:
            return WalkPlace(walk, place, WalkEnd.ONLY_THIS)
        return WalkPlace(walk, place, walk_left(await self._candidates.walk_state(place.state, voter)))


class KillWalkHandler:
    """The commands of a walk. Each kill is an event of its own; the undo is one command for all of them."""

    def __init__(self, ledger: Ledger, batches: BatchLedger, walks: Walks, candidates: Candidates) -> None:
        self._ledger = ledger
        self._batches = batches
        self._walks = walks
        self._candidates = candidates

    async def start(self, candidate_id: CandidateId, note: str, origin: Origin) -> Receipt[CandidateRejected]:
        """The kill. Raises CandidateUnknown, AlreadyRejected and what `Ledger.once` raises."""

        async def decide() -> Proposal[CandidateRejected]:
            candidate = await known_candidate(self._candidates, candidate_id)
            return Proposal(start_walk(candidate, note, origin.event_id))

        return await self._ledger.once(origin, CandidateRejected, decide)

    async def answer(
        self, walk_id: EventId, parent_id: CandidateId, answer: WalkAnswer, note: str, origin: Origin
    ) -> Receipt[CandidateRejected]:
        """An answer to the parent shown. Raises WalkUnknown, CandidateElsewhere and what `Ledger.once` raises."""

        async def decide() -> Proposal[CandidateRejected] | None:
            event = answer_walk(await self._walks.known(walk_id), parent_id, answer, note)
            return Proposal(event) if event else None

        return await self._ledger.once(origin, CandidateRejected, decide)

    async def undo(self, walk_id: EventId, origin: Origin) -> BatchReceipt:
        """Everything the walk rejected is restored (KILL-7). Raises WalkUnknown and what `BatchLedger.once` raises."""
        walk = await self._walks.found(walk_id)

        async def decide() -> Proposals[Event]:
            killed = (await self._walks.known(walk_id)).killed
            return Proposals({one.candidate_id: restore_candidate(one.state) for one in killed})

        return await self._batches.once(origin, [one.candidate_id for one in walk.path] if walk else [], decide)
