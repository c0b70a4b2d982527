"""Pages of the log as clients see it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import aclosing

from pydantic import JsonValue

from carnival.contracts import subjects
from carnival.contracts.envelope import LogEntry, Recorded
from carnival.contracts.ids import Position, RunId
from carnival.log.port import EventLog
from curation_api.application.views.monitoring import EventView
from curation_api.application.views.page import Page


async def log_page(log: EventLog, *, after: Position, run_id: RunId | None, limit: int) -> Page[EventView]:
    """Entries behind `after` in log order, of one run or of all. Raises LogUnavailable."""
    wanted = subjects.all_of_run(run_id) if run_id else subjects.EVERYTHING
    found: list[LogEntry] = []
    async with aclosing(log.read(after, subjects=(wanted,), batch_max=limit)) as batches:
        async for batch in batches:
            found.extend(batch[: limit - len(found)])
            if len(found) >= limit:
                break
    return Page(
        items=[event_view(entry) for entry in found], next=str(found[-1].position) if len(found) == limit else None
    )


def event_view(entry: LogEntry) -> EventView:
    if isinstance(entry, Recorded):
        meta = entry.meta
        body: dict[str, JsonValue] = entry.event.model_dump(mode="json")
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


def change_line(entries: Sequence[LogEntry], run_id: str | None) -> str:
    """Entries, of one run if it is named, as server-sent events: the position as id, type and run as data."""
    return "".join(_sent_event(entry) for entry in entries if run_id is None or _run_of(entry) == run_id)


def _sent_event(entry: LogEntry) -> str:
    name = entry.event.wire_name if isinstance(entry, Recorded) else None
    data = {"position": entry.position, "type": name, "run_id": _run_of(entry)}
    return f"id: {entry.position}\nevent: change\ndata: {json.dumps(data, separators=(',', ':'))}\n\n"


def _run_of(entry: LogEntry) -> str | None:
    return getattr(entry.event, "run_id", None) if isinstance(entry, Recorded) else None
