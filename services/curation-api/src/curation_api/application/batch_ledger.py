"""Writing many events by one command: all or none of them, exactly once (EVT-2)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from carnival.contracts.command import CommandAnswered
from carnival.contracts.envelope import Event, Recorded
from carnival.contracts.ids import EventId, Position, derived_id
from carnival.contracts.verdict import VoidReason
from carnival.log.errors import StalePosition
from carnival.log.port import ATOMIC_BATCH_MAX, Expectation
from curation_api.application.books import DECISIONS_MAX, Books
from curation_api.domain.idempotency import Origin, answered, is_kept, refusal_given
from curation_api.domain.refusals import Contended, KeyReused, Refusal, TooLarge
from curation_api.domain.verdict import is_so_already

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
    """As `Ledger`, for many items. Their events stand in the log side by side or not at all; the answer of a command
    with a key stands directly behind them."""

    def __init__(self, books: Books) -> None:
        self._books = books

    async def once(
        self, origin: Origin, keys: Sequence[str], decide: Callable[[], Awaitable[Proposals[Event]]]
    ) -> BatchReceipt:
        """Carry out a command about the items `keys`. `decide` loads and decides, again when it was stale.

        Raises the refusals of `decide` for the whole command, KeyReused, Contended, TooLarge, ProjectionBehind and the
        errors of the log.
        """
        if earlier := await self._books.earlier(origin):
            return await self._settle(earlier, keys, True)
        for _ in range(DECISIONS_MAX):
            try:
                proposals = await decide()
            except Refusal as refusal:
                if not (origin.keyed and is_kept(refusal)):
                    raise
                return await self._answer(origin, keys, refusal)
            events = {key: event for key, event in proposals.events.items() if event is not None}
            if not events:
                return await self._answer(origin, keys, None)
            try:
                return await self._write(origin, keys, events, proposals.expected)
            except StalePosition:
                await self._books.projected(await self._books.log.end())
                if earlier := await self._books.earlier(origin):
                    return await self._settle(earlier, keys, True)
        raise Contended("Others kept changing the same things; try again")

    async def _answer(self, origin: Origin, keys: Sequence[str], refusal: Refusal | None) -> BatchReceipt:
        """Nothing is changed. With a key that is recorded before it is said, so that it holds for ever."""
        if not origin.keyed:
            items = [ItemReceipt(key=key, changed=False) for key in keys]
            return BatchReceipt(position=self._books.projection.position, items=items)
        recorded, replayed = await self._books.answer(origin, answered(origin, refusal))
        return await self._settle(recorded, keys, replayed)

    async def _write(
        self, origin: Origin, keys: Sequence[str], events: Mapping[str, Event], expected: Expectation | None
    ) -> BatchReceipt:
        drafts = [self._books.draft(origin, item_event_id(origin, key), event) for key, event in events.items()]
        if origin.keyed:
            drafts.append(self._books.draft(origin, origin.event_id, answered(origin, None, list(events))))
        if len(drafts) > ATOMIC_BATCH_MAX:
            raise TooLarge(f"One command writes {ATOMIC_BATCH_MAX} events at the most", events=len(drafts))
        appended = await self._books.log.append_all(drafts, expected=expected)
        if appended.duplicate and origin.keyed:
            return await self._settle(await self._books.recorded(origin, appended.position), keys, True)
        return await self._judged(keys, list(events), Position(appended.position - len(drafts) + 1), False)

    async def _settle(self, recorded: Recorded[Event], keys: Sequence[str], replayed: bool) -> BatchReceipt:
        answer, position = recorded.event, recorded.position
        if not isinstance(answer, CommandAnswered):
            raise KeyReused("This Idempotency-Key was used for another command; choose a new one")
        if answer.refusal is not None:
            raise refusal_given(answer.refusal)
        return await self._judged(keys, answer.changed, Position(position - len(answer.changed)), replayed)

    async def _judged(
        self, keys: Sequence[str], changed: Sequence[str], first: Position, replayed: bool
    ) -> BatchReceipt:
        """`changed` items have their events at `first` and behind it; where there is none, `first` is the answer's."""
        positions = {key: Position(first + place) for place, key in enumerate(changed)}
        last = max(positions.values(), default=first)
        projected = await self._books.projected(last)
        voids = await self._books.judgements.void_reasons(list(positions.values())) if projected else {}
        return BatchReceipt(
            position=last,
            items=[_item(key, positions.get(key), voids) for key in keys],
            projected=projected,
            replayed=replayed,
        )


def _item(key: str, position: Position | None, voids: Mapping[Position, VoidReason]) -> ItemReceipt:
    reason = voids.get(position) if position is not None else None
    return ItemReceipt(
        key=key,
        changed=position is not None and reason is None,
        void=None if reason is None or is_so_already(reason) else reason,
    )
