"""Pages of the log as clients see it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import cached_property

from pydantic import JsonValue

from carnival.contracts import subjects
from carnival.contracts.envelope import Event, LogEntry, Recorded
from carnival.contracts.ids import Position, RunId
from carnival.log.port import BATCH_MAX, EventLog, StoredMessage
from carnival.log.wire import actor_of
from curation_api.application.views.monitoring import EventView
from curation_api.application.views.page import Page

LOOKED_MAX = 2000
"""Entries that one page may look at; a search over more of them goes on with the next page."""


@dataclass(frozen=True, kw_only=True)
class LogFilter:
    """Which entries of the log are wanted: those that name one of `names` (none given: all) and hold `text`, whatever
    its case.

    What events about access say is only in the page, and only looked through, if it may be `confidential`.
    """

    run_id: RunId | None = None
    kinds: Sequence[type[Event]] = ()
    names: Sequence[str] = ()
    text: str = ""
    confidential: bool = False

    @property
    def subjects(self) -> tuple[str, ...]:
        if self.kinds:
            return tuple(subject for kind in self.kinds for subject in subjects.every_place(kind, self.run_id))
        return (subjects.all_of_run(self.run_id) if self.run_id else subjects.EVERYTHING,)

    @property
    def looks(self) -> bool:
        """Whether an entry has to be looked through."""
        return bool(self.names or self.text)

    def takes(self, message: StoredMessage) -> bool:
        return self._names(message.body) and self._holds(message)

    def _names(self, body: bytes) -> bool:
        return not self.names or any(name in body for name in self._encoded)

    @cached_property
    def _encoded(self) -> list[bytes]:
        return [name.encode() for name in self.names]

    def _holds(self, message: StoredMessage) -> bool:
        if not self.text:
            return True
        words = [str(message.position), message.subject, actor_of(message.headers) or "", *message.headers.values()]
        if self.confidential or not subjects.is_about_access(message.subject):
            words.append(message.body.decode(errors="replace"))
        return self.text.casefold() in "\n".join(words).casefold()


async def log_page(log: EventLog, wanted: LogFilter, *, after: Position, limit: int) -> Page[EventView]:
    """Entries behind `after` in log order. Looks at 2,000 entries at the most, so that a page with a cursor may hold
    fewer than `limit`, even none. Raises LogUnavailable."""
    looked_max = LOOKED_MAX if wanted.looks else limit
    found = await log.search(after, wanted.takes, subjects=wanted.subjects, found_max=limit, looked_max=looked_max)
    items = [event_view(entry, confidential=wanted.confidential) for entry in found.entries]
    return Page(items=items, next=None if found.behind is None else str(found.behind))


async def log_views(log: EventLog, wanted: LogFilter, *, after: Position) -> AsyncGenerator[Sequence[EventView]]:
    """All entries behind `after` up to the end that the log has now, in its order. Raises LogUnavailable."""
    entries = _looked_for(log, wanted, after) if wanted.looks else log.read(after, subjects=wanted.subjects)
    async with aclosing(entries) as batches:
        async for batch in batches:
            yield [event_view(entry, confidential=wanted.confidential) for entry in batch]


async def _looked_for(log: EventLog, wanted: LogFilter, after: Position) -> AsyncGenerator[Sequence[LogEntry]]:
    end, place = await log.end(), after
    while place < end:
        found = await log.search(
            place, wanted.takes, subjects=wanted.subjects, found_max=BATCH_MAX, looked_max=LOOKED_MAX
        )
        yield [entry for entry in found.entries if entry.position <= end]
        place = end if found.behind is None else found.behind


def event_view(entry: LogEntry, *, confidential: bool) -> EventView:
    if isinstance(entry, Recorded):
        meta = entry.meta
        hidden = subjects.is_about_access(entry.subject) and not confidential
        body: dict[str, JsonValue] | None = None if hidden else entry.event.model_dump(mode="json")
        return EventView(
            position=entry.position,
            subject=entry.subject,
            type=entry.event.wire_name,
            version=entry.event.schema_version,
            time=meta.time,
            event_id=meta.event_id,
            source=meta.source,
            actor=meta.actor,
            correlation_id=meta.correlation_id,
            causation_id=meta.causation_id,
            event=body,
        )
    return EventView(
        position=entry.position,
        subject=entry.subject,
        type=entry.headers.get("ce-type", "unknown"),
        version=0,
        time=None,
        event_id=entry.headers.get("ce-id"),
        source=entry.headers.get("ce-source"),
        actor=None,
        correlation_id=None,
        causation_id=None,
        event=None,
        problem=entry.reason,
    )
