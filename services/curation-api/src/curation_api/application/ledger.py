"""Writing: one command, one event, exactly once, and the fold's verdict on it (EVT-2, EVT-4, law 7)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from carnival.contracts.command import CommandAnswered
from carnival.contracts.envelope import Event, Recorded
from carnival.contracts.ids import Position
from carnival.log.errors import StalePosition
from carnival.log.port import Expectation
from curation_api.application.books import DECISIONS_MAX, Books
from curation_api.domain.idempotency import Origin, answered, is_kept, refusal_given
from curation_api.domain.refusals import Contended, KeyReused, Refusal
from curation_api.domain.verdict import holds_anyway, refusal_for

E = TypeVar("E", bound=Event)
E_co = TypeVar("E_co", bound=Event, covariant=True)


@dataclass(frozen=True, slots=True)
class Proposal(Generic[E_co]):
    """An event to append; `expected` if the decision only holds for the log as it was read."""

    event: E_co
    expected: Expectation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Generic[E_co]):
    """What became of a command.

    `event` is None if nothing had to change, `position` is then how far the state was known. `projected` says that the
    read model shows it. `replayed` says that the command was sent before and this is the first one's answer.
    """

    position: Position
    event: E_co | None
    projected: bool = True
    changed: bool = True
    replayed: bool = False


class Ledger:
    """Appends what use cases decide."""

    def __init__(self, books: Books) -> None:
        self._books = books

    async def once(
        self, origin: Origin, kind: type[E], decide: Callable[[], Awaitable[Proposal[E] | None]]
    ) -> Receipt[E]:
        """Carry out a command. `decide` loads and decides; None means that nothing has to change.

        It is asked again, 10 times at the most, when its expectation was stale. A command with a key is answered as the
        first time, whatever it was. Raises the refusals of `decide`, those of a void event, KeyReused, Contended,
        TooLarge, ProjectionBehind, ChangedSince and the errors of the log.
        """
        if earlier := await self._books.earlier(origin):
            return await self._settle(earlier, kind, True)
        for _ in range(DECISIONS_MAX):
            try:
                seen = await self._books.precondition(origin)
                proposal = await decide()
            except Refusal as refusal:
                if not (origin.keyed and is_kept(refusal)):
                    raise
                return await self._answer(origin, kind, refusal)
            if proposal is None:
                return await self._answer(origin, kind, None)
            try:
                return await self._write(origin, kind, proposal.event, seen or proposal.expected)
            except StalePosition:
                continue
        raise Contended("Others kept changing the same thing; try again")

    async def _answer(self, origin: Origin, kind: type[E], refusal: Refusal | None) -> Receipt[E]:
        """Nothing is changed. With a key that is recorded before it is said, so that it holds for ever."""
        if not origin.keyed:
            return Receipt(position=self._books.projection.position, event=None, changed=False)
        recorded, replayed = await self._books.answer(origin, answered(origin, refusal))
        return await self._settle(recorded, kind, replayed)

    async def _write(self, origin: Origin, kind: type[E], event: E, expected: Expectation | None) -> Receipt[E]:
        draft = self._books.draft(origin, origin.event_id, event)
        appended = await self._books.log.append(event, draft.meta, expected=expected)
        if appended.duplicate:
            return await self._settle(await self._books.recorded(origin, appended.position), kind, True)
        return await self._judged(appended.position, event, False)

    async def _settle(self, recorded: Recorded[Event], kind: type[E], replayed: bool) -> Receipt[E]:
        event, position = recorded.event, recorded.position
        if isinstance(event, CommandAnswered):
            if event.refusal is not None:
                raise refusal_given(event.refusal)
            projected = await self._books.projected(position)
            return Receipt(position=position, event=None, projected=projected, changed=False, replayed=replayed)
        if not isinstance(event, kind):
            raise KeyReused("This Idempotency-Key was used for another command; choose a new one")
        return await self._judged(position, event, replayed)

    async def _judged(self, position: Position, event: E, replayed: bool) -> Receipt[E]:
        if not await self._books.projected(position):
            return Receipt(position=position, event=event, projected=False, replayed=replayed)
        reason = await self._books.judgements.void_reason(position)
        if reason is None:
            return Receipt(position=position, event=event, replayed=replayed)
        if holds_anyway(event, reason):
            return Receipt(position=position, event=event, changed=False, replayed=replayed)
        raise refusal_for(reason, position)
