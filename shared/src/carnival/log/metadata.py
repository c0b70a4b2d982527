"""Fresh metadata for a new event: the one place that reads the clock for it."""

from __future__ import annotations

from datetime import UTC, datetime

from carnival.contracts.envelope import Metadata
from carnival.contracts.ids import EventId, fresh_id
from carnival.telemetry.tracing import current_traceparent


def fresh_metadata(
    *,
    source: str,
    event_id: str | None = None,
    actor: str | None = None,
    cause: Metadata | None = None,
) -> Metadata:
    """Metadata of an event written now by `source`. `cause` is the event that led to it; correlation follows it."""
    identity = EventId(event_id or fresh_id())
    return Metadata(
        event_id=identity,
        source=source,
        time=datetime.now(UTC),
        correlation_id=cause.correlation_id if cause else identity,
        causation_id=cause.event_id if cause else None,
        actor=actor or (cause.actor if cause else None),
        traceparent=current_traceparent(),
    )
