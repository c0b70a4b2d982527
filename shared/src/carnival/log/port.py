"""What the services may ask of the log.

Positions are totally ordered and without gaps. Appending is idempotent by event id within the duplicate window.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from carnival.contracts.envelope import Event, LogEntry, Metadata
from carnival.contracts.ids import Position
from carnival.contracts.subjects import EVERYTHING

BATCH_MAX = 500
ATOMIC_BATCH_MAX = 1000
DUPLICATE_WINDOW_SECONDS = 600
"""For so long the log itself knows the ids of its events."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """`last` is the position of the newest event under `subjects` that the decision has seen; 0 for none (EVT-4)."""

    subjects: str
    last: Position


@dataclass(frozen=True, slots=True)
class Appended:
    """Where the event stands. `duplicate` says that it already stood there before this call."""

    position: Position
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """An event on its way into the log."""

    event: Event
    meta: Metadata


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """An entry as it is stored, not decoded."""

    position: Position
    subject: str
    headers: Mapping[str, str]
    body: bytes


Wanted = Callable[[str], bool]
"""Whether entries of a subject are to be read."""

Sieve = Callable[[StoredMessage], bool]
"""Whether an entry is looked for."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was looked for, in log order, and the position behind which to look on; None at the end of the log."""

    entries: Sequence[LogEntry]
    behind: Position | None


class EventLog(Protocol):
    """The log of all facts."""

    async def append(self, event: Event, meta: Metadata, *, expected: Expectation | None = None) -> Appended:
        """Append one event. Raises StalePosition, AppendRefused or LogUnavailable.

        A lost answer is asked for again under the same event id. An event of this id that stands behind the
        expectation already is success, not staleness.
        """
        ...

    async def append_all(self, drafts: Sequence[Draft], *, expected: Expectation | None = None) -> Appended:
        """Append up to 1,000 events, all or none. Answers where the last one stands. Errors as `append`."""
        ...

    async def last_of(self, subject: str) -> LogEntry | None:
        """The newest entry of a subject (wildcards allowed), None if there is none."""
        ...

    async def next_of(self, subject: str, after: Position) -> LogEntry | None:
        """The first entry of a subject (wildcards allowed) behind `after`, None if there is none."""
        ...

    async def at(self, position: Position) -> LogEntry | None:
        """The entry at a position, None if the log is shorter."""
        ...

    async def age_of(self, position: Position) -> timedelta | None:
        """How long ago the log took the entry there, by the log's own clock; None if the log is shorter."""
        ...

    async def end(self) -> Position:
        """The position of the newest entry, 0 in an empty log."""
        ...

    def follow(
        self, after: Position, *, subjects: Sequence[str] = (EVERYTHING,), batch_max: int = BATCH_MAX
    ) -> AsyncGenerator[Sequence[LogEntry]]:
        """Entries behind `after` in order, for ever, in batches of what is there, across reconnects. Raises LogGap."""
        ...

    def read(
        self,
        after: Position,
        *,
        subjects: Sequence[str] = (EVERYTHING,),
        batch_max: int = BATCH_MAX,
        until: Position | None = None,
        wanted: Wanted | None = None,
    ) -> AsyncGenerator[Sequence[LogEntry]]:
        """As `follow`, but ends at `until`, or where the log ended when the reading began if that is sooner.

        What is on subjects that are not `wanted` is passed over. Unlike those that `subjects` leaves out such entries
        come, but they are not decoded, which costs a fraction.
        """
        ...

    async def search(
        self,
        after: Position,
        sieve: Sieve,
        *,
        subjects: Sequence[str] = (EVERYTHING,),
        found_max: int,
        looked_max: int,
    ) -> Found:
        """The first `found_max` entries behind `after` that pass `sieve`, among the first `looked_max` there are.

        Only what passes is decoded: a look costs a fraction of that. Ends at the end that the log has now.
        """
        ...
