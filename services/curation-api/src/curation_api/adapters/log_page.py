"""Pages of the log as clients see it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from pydantic import JsonValue

from carnival.contracts import subjects
from carnival.contracts.envelope import Event, LogEntry, Recorded
from carnival.contracts.ids import Position, RunId
from carnival.log.port import BATCH_MAX, EventLog
from curation_api.application.views.monitoring import EventView
from curation_api.application.views.page import Page

SCANNED_MAX = 5000
"""Entries that one page may look at; a search over more of them goes on with the next page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """Which entries of the log are wanted. Of `words` one must stand in the entry, whatever its case; none: all.

    What events about access say is only in the page if it may be `confidential`.
    """

    run_id: RunId | None = None
    kinds: Sequence[type[Event]] = ()
    words: Sequence[str] = ()
    confidential: bool = False

    @property
    def subjects(self) -> tuple[str, ...]:
        if self.kinds:
            return tuple(subject for kind in self.kinds for subject in subjects.every_place(kind, self.run_id))
        return (subjects.all_of_run(self.run_id) if self.run_id else subjects.EVERYTHING,)

    def fits(self, view: EventView) -> bool:
        if not self.words:
            return True
        text = view.model_dump_json().casefold()
        return any(word.casefold() in text for word in self.words)


async def log_page(log: EventLog, wanted: LogFilter, *, after: Position, limit: int) -> Page[EventView]:
    """Entries behind `after` in log order. Looks at 5,000 entries at the most, so that a page with a cursor may hold
    fewer than `limit`, even none. Raises LogUnavailable."""
    found: list[EventView] = []
    seen, last = 0, after
    batch_max = BATCH_MAX if wanted.words else limit
    async with aclosing(log.read(after, subjects=wanted.subjects, batch_max=batch_max)) as batches:
        async for batch in batches:
            for entry in batch:
                seen, last = seen + 1, entry.position
                view = event_view(entry, confidential=wanted.confidential)
                if wanted.fits(view):
                    found.append(view)
                if len(found) == limit or seen == SCANNED_MAX:
                    return Page(items=found, next=str(last))
    return Page(items=found, next=None)


async def log_views(log: EventLog, wanted: LogFilter, *, after: Position) -> AsyncGenerator[Sequence[EventView]]:
    """All entries behind `after` up to the end that the log has now, in its order. Raises LogUnavailable."""
    async with aclosing(log.read(after, subjects=wanted.subjects)) as batches:
        async for batch in batches:
            views = (event_view(entry, confidential=wanted.confidential) for entry in batch)
            yield [view for view in views if wanted.fits(view)]


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
