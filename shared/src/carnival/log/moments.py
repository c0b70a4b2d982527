"""Where in the log a time is."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from carnival.contracts.envelope import LogEntry, Recorded
from carnival.contracts.ids import Position
from carnival.log.port import EventLog

UNREADABLE_MAX: Final = 100


async def position_at(log: EventLog, time: datetime) -> Position:
    """The position up to which the log went at `time`; 0 before its first event.

    Found by bisection, some twenty lookups in a log of a million. Entries bear the times of their writers: where clocks
    differ, the position is right to that difference.
    """
    low, high = 0, await log.end()
    while low < high:
        middle = (low + high + 1) // 2
        written = await _time_near(log, Position(middle), low)
        if written is None or written <= time:
            low = middle
        else:
            high = middle - 1
    return Position(low)


def time_of(entry: LogEntry | None) -> datetime | None:
    """When it happened; None if the entry cannot be read."""
    return entry.meta.time if isinstance(entry, Recorded) else None


async def _time_near(log: EventLog, position: Position, low: int) -> datetime | None:
    """The time of the newest readable entry up to `position`, None if there is none above `low` or near."""
    for place in range(position, max(low, position - UNREADABLE_MAX), -1):
        time = time_of(await log.at(Position(place)))
        if time is not None:
            return time
    return None
