"""Writing many events by one command: all or none of them, exactly once (EVT-2)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from carnival.contracts.envelope import Event
from carnival.contracts.ids import EventId, Position, derived_id
from carnival.contracts.verdict import VoidReason
from carnival.log.errors import StalePosition
from carnival.log.port import ATOMIC_BATCH_MAX, Draft, Expectation
from curation_api.application.books import DECISIONS_MAX, Books
from curation_api.domain.idempotency import Origin
from curation_api.domain.refusals import Contended, Refusal, TooLarge
from curation_api.domain.verdict import is_so_already

E = TypeVar("E", bound=Event)
E_co = TypeVar("E_co", bound=Event, covariant=True)


@dataclass(frozen=True, slots=True)
class Proposals(Generic[E_co]):
    """What a command makes of each item, by the item's key: its event, None where nothing has to change."""

    events: Mapping[str, E_co | None]
    expected: Expectation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReceipt:
    """What became of one item. `void` says why its event has no effect, if somebody else was faster."""

    key: str
    changed: bool
    void: VoidReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchReceipt:
    """What became of a command about many things, in the order of its items."""

    position: Position
    items: Sequence[ItemReceipt]
    projected: bool = True
    replayed: bool = False


def item_event_id(origin: Origin, key: str) -> EventId:
    """The id of the event that `origin`'s command writes about the item `key`."""
    return EventId(derived_id("item", origin.event_id, key))


class BatchLedger:
    """As `Ledger`, for up to 1,000 items. Their events stand in the log side by side or not at all."""

    def __init__(self, books: Books) -> None:
        self._books = books

    async def once(
        self, origin: Origin, keys: Sequence[str], decide: Callable[[], Awaitable[Proposals[Event]]]
    ) -> BatchReceipt:
        """Carry out a command about the items `keys`. `decide` loads and decides, again when it was stale.

        Raises the refusals of `decide` for the whole command, KeyReused, Contended, TooLarge and the errors of the log.
        """
        if earlier := await self._earlier(origin, keys):
            return earlier
        for _ in range(DECISIONS_MAX):
            try:
                proposals = await decide()
            except Refusal:
                if earlier := await self._earlier(origin, keys):
                    return earlier
                raise
            events = {key: event for key, event in proposals.events.items() if event is not None}
            if not events:
                return await self._earlier(origin, keys) or self._unchanged(keys)
            try:
                return await self._write(origin, keys, events, proposals.expected)
            except StalePosition:
                if earlier := await self._earlier(origin, keys):
                    return earlier
        raise Contended("Others kept changing the same things; try again")

    async def _write(
        self, origin: Origin, keys: Sequence[str], events: Mapping[str, Event], expected: Expectation | None
    ) -> BatchReceipt:
        if len(events) > ATOMIC_BATCH_MAX:
            raise TooLarge(f"One command writes {ATOMIC_BATCH_MAX} events at the most", events=len(events))
        drafts = [self._draft(origin, key, event) for key, event in events.items()]
        appended = await self._books.log.append_all(drafts, expected=expected)
        first = appended.position - len(drafts) + 1
        positions = {key: Position(first + place) for place, key in enumerate(events)}
        return await self._settle(keys, positions, appended.duplicate)

    def _draft(self, origin: Origin, key: str, event: Event) -> Draft:
        self._books.check_size(event)
        return Draft(event, self._books.metadata(origin, item_event_id(origin, key)))

    async def _earlier(self, origin: Origin, keys: Sequence[str]) -> BatchReceipt | None:
        """The answer to the same command sent before: which items it changed is known by their events."""
        if not origin.keyed:
            return None
        found = await self._books.judgements.positions_of([item_event_id(origin, key) for key in keys])
        positions = {key: found[item_event_id(origin, key)] for key in keys if item_event_id(origin, key) in found}
        if not positions:
            return None
        _ = await self._books.recorded(origin, max(positions.values()))
        return await self._settle(keys, positions, True)

    async def _settle(self, keys: Sequence[str], positions: Mapping[str, Position], replayed: bool) -> BatchReceipt:
        last = max(positions.values())
        projected = await self._books.projected(last)
        voids = await self._books.judgements.void_reasons(list(positions.values())) if projected else {}
        return BatchReceipt(
            position=last,
            items=[_item(key, positions.get(key), voids) for key in keys],
            projected=projected,
            replayed=replayed,
        )

    def _unchanged(self, keys: Sequence[str]) -> BatchReceipt:
        return BatchReceipt(
            position=self._books.projection.position, items=[ItemReceipt(key=key, changed=False) for key in keys]
        )


def _item(key: str, position: Position | None, voids: Mapping[Position, VoidReason]) -> ItemReceipt:
    reason = voids.get(position) if position is not None else None
    return ItemReceipt(
        key=key,
        changed=position is not None and reason is None,
        void=None if reason is None or is_so_already(reason) else reason,
    )
