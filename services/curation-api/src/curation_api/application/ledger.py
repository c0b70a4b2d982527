"""Writing: one command, one event, exactly once, and the fold's verdict on it (EVT-2, EVT-4, law 7)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from carnival.contracts.envelope import Event
from carnival.contracts.ids import Position
from carnival.log.errors import StalePosition
from carnival.log.port import Expectation
from curation_api.application.books import DECISIONS_MAX, Books
from curation_api.domain.idempotency import Origin
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

        It is asked again, 10 times at the most, when its expectation was stale. Raises the refusals of `decide`, those
        of a void event, KeyReused, Contended, TooLarge and the errors of the log.
        """
        if earlier := await self._earlier(origin, kind):
            return earlier
        for _ in range(DECISIONS_MAX):
            try:
                proposal = await decide()
            except Refusal:
                if earlier := await self._earlier(origin, kind):
                    return earlier
                raise
            if proposal is None:
                unchanged: Receipt[E] = Receipt(position=self._books.projection.position, event=None, changed=False)
                return await self._earlier(origin, kind) or unchanged
            try:
                return await self._write(origin, kind, proposal)
            except StalePosition:
                continue
        raise Contended("Others kept changing the same thing; try again")

    async def _earlier(self, origin: Origin, kind: type[E]) -> Receipt[E] | None:
        """The answer to the same command sent before; asked again after a refusal, because the first may just have
        been projected and be the very reason of the refusal."""
        if not origin.keyed:
            return None
        position = await self._books.judgements.position_of(origin.event_id)
        return None if position is None else await self._settle(await self._recorded(origin, kind, position), True)

    async def _write(self, origin: Origin, kind: type[E], proposal: Proposal[E]) -> Receipt[E]:
        event = proposal.event
        self._books.check_size(event)
        meta = self._books.metadata(origin, origin.event_id)
        appended = await self._books.log.append(event, meta, expected=proposal.expected)
        if appended.duplicate:
            return await self._settle(await self._recorded(origin, kind, appended.position), True)
        return await self._settle((appended.position, event), False)

    async def _recorded(self, origin: Origin, kind: type[E], position: Position) -> tuple[Position, E]:
        event = (await self._books.recorded(origin, position)).event
        if not isinstance(event, kind):
            raise KeyReused("This Idempotency-Key was used for another command; choose a new one")
        return position, event

    async def _settle(self, written: tuple[Position, E], replayed: bool) -> Receipt[E]:
        position, event = written
        if not await self._books.projected(position):
            return Receipt(position=position, event=event, projected=False, replayed=replayed)
        reason = await self._books.judgements.void_reason(position)
        if reason is None:
            return Receipt(position=position, event=event, replayed=replayed)
        if holds_anyway(event, reason):
            return Receipt(position=position, event=event, changed=False, replayed=replayed)
        raise refusal_for(reason, position)
