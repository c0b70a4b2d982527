"""Writing: one command, one event, exactly once, and the fold's verdict on it (EVT-2, EVT-4, law 7)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from carnival.contracts.catalogue import API
from carnival.contracts.envelope import Event, Recorded
from carnival.contracts.ids import Position
from carnival.log.errors import StalePosition
from carnival.log.metadata import fresh_metadata
from carnival.log.port import EventLog, Expectation
from curation_api.application.ports import Judgements, Projection
from curation_api.domain.idempotency import Origin, check_same_command
from curation_api.domain.refusals import Contended, KeyReused, Refusal, TooLarge
from curation_api.domain.verdict import holds_anyway, refusal_for

DECISIONS_MAX = 10
HEADER_BYTES_MAX = 4096

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
    """Appends what use cases decide. `event_bytes_max` is what the log takes as one message."""

    def __init__(
        self,
        log: EventLog,
        projection: Projection,
        judgements: Judgements,
        *,
        verdict_wait_seconds: float,
        event_bytes_max: int,
    ) -> None:
        self._log = log
        self._projection = projection
        self._judgements = judgements
        self._verdict_wait_seconds = verdict_wait_seconds
        self._event_bytes_max = event_bytes_max

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
                unchanged: Receipt[E] = Receipt(position=self._projection.position, event=None, changed=False)
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
        position = await self._judgements.position_of(origin.event_id)
        return None if position is None else await self._settle(await self._recorded(origin, kind, position), True)

    async def _write(self, origin: Origin, kind: type[E], proposal: Proposal[E]) -> Receipt[E]:
        event = proposal.event
        size = len(event.model_dump_json())
        if size > self._event_bytes_max - HEADER_BYTES_MAX:
            raise TooLarge(f"The event would have {size} bytes; the log takes {self._event_bytes_max}", bytes=size)
        meta = replace(
            fresh_metadata(source=API, event_id=origin.event_id, actor=origin.actor), correlation_id=origin.command_id
        )
        appended = await self._log.append(event, meta, expected=proposal.expected)
        if appended.duplicate:
            return await self._settle(await self._recorded(origin, kind, appended.position), True)
        return await self._settle((appended.position, event), False)

    async def _recorded(self, origin: Origin, kind: type[E], position: Position) -> tuple[Position, E]:
        entry = await self._log.at(position)
        if not isinstance(entry, Recorded) or not isinstance(entry.event, kind):
            raise KeyReused("This Idempotency-Key was used for another command; choose a new one")
        check_same_command(origin, entry.meta)
        return position, entry.event

    async def _settle(self, written: tuple[Position, E], replayed: bool) -> Receipt[E]:
        position, event = written
        if not await self._projection.reached(position, self._verdict_wait_seconds):
            return Receipt(position=position, event=event, projected=False, replayed=replayed)
        reason = await self._judgements.void_reason(position)
        if reason is None:
            return Receipt(position=position, event=event, replayed=replayed)
        if holds_anyway(event, reason):
            return Receipt(position=position, event=event, changed=False, replayed=replayed)
        raise refusal_for(reason, position)
