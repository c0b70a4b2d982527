"""Which traces lead into a batch, and which go on from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from carnival.contracts.catalogue import API
from carnival.contracts.envelope import LogEntry, Recorded
from carnival.contracts.notices import Cause
from carnival.contracts.subjects import run_of
from carnival.telemetry.tracing import is_recorded

TRACES_MAX: Final = 32


def traces_into(entries: Sequence[LogEntry]) -> Sequence[str]:
    """The traceparents of the newest events whose traces are recorded."""
    found: dict[str, None] = {}
    for entry in reversed(entries):
        if isinstance(entry, Recorded) and (traceparent := entry.meta.traceparent) and is_recorded(traceparent):
            found[traceparent] = None
            if len(found) == TRACES_MAX:
                break
    return list(found)


def causes_in(entries: Sequence[LogEntry]) -> tuple[Cause, ...]:
    """What people commanded, oldest first: the next decision about their runs follows from it. Once a trace and run."""
    found: dict[tuple[str, str], Cause] = {}
    for entry in reversed(entries):
        if not isinstance(entry, Recorded) or entry.meta.source != API:
            continue
        traceparent, run_id = entry.meta.traceparent, run_of(entry.subject)
        if traceparent is not None and run_id is not None and is_recorded(traceparent):
            cause = Cause(run_id=run_id, position=entry.position, traceparent=traceparent)
            found.setdefault((run_id, traceparent), cause)
            if len(found) == TRACES_MAX:
                break
    return tuple(reversed(found.values()))
