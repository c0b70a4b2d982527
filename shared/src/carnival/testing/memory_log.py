"""The event log in memory: same promises as the real one, held to the same contract suite."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import timedelta

from carnival.contracts.envelope import Event, LogEntry, Metadata
from carnival.contracts.ids import Position
from carnival.contracts.subjects import EVERYTHING, subject_of
from carnival.log.errors import AppendRefused, StalePosition
from carnival.log.port import (
    ATOMIC_BATCH_MAX,
    BATCH_MAX,
    Appended,
    Draft,
    Expectation,
    Found,
    Sieve,
    StoredMessage,
    Wanted,
)
from carnival.log.searching import searched
from carnival.log.wire import decode, encode


class MemoryEventLog:
    """Implements `EventLog` for one process. `clock` counts seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._stored: list[StoredMessage] = []
        self._entries: list[LogEntry] = []
        self._times: list[float] = []
        self._ids: dict[str, Position] = {}
        self._grown = asyncio.Event()

    async def append(self, event: Event, meta: Metadata, *, expected: Expectation | None = None) -> Appended:
        subject = subject_of(event)
        if expected is not None and self._last_position(expected.subjects) != expected.last:
            standing = self._ids.get(meta.event_id, Position(0))
            if standing > expected.last:
                return Appended(standing, duplicate=True)
            raise StalePosition(expected.subjects, expected.last)
        if meta.event_id in self._ids:
            return Appended(self._ids[meta.event_id], duplicate=True)
        headers, body = encode(event, meta)
        return Appended(self.store(subject, headers, body))

    async def append_all(self, drafts: Sequence[Draft], *, expected: Expectation | None = None) -> Appended:
        if not drafts or len(drafts) > ATOMIC_BATCH_MAX:
            raise ValueError(f"an atomic batch holds 1 to {ATOMIC_BATCH_MAX} events, not {len(drafts)}")
        known = [draft.meta.event_id in self._ids for draft in drafts]
        if known[-1]:
            return Appended(self._ids[drafts[-1].meta.event_id], duplicate=True)
        if any(known):
            raise AppendRefused("some events of the batch stand in the log already")
        if expected is not None and self._last_position(expected.subjects) != expected.last:
            raise StalePosition(expected.subjects, expected.last)
        appended = [await self.append(draft.event, draft.meta) for draft in drafts]
        return appended[-1]

    def store(self, subject: str, headers: dict[str, str], body: bytes) -> Position:
        """Put a raw message into the log, as a foreign or broken writer would."""
        position = Position(len(self._entries) + 1)
        self._stored.append(StoredMessage(position, subject, headers, body))
        self._entries.append(decode(subject, position, headers, body))
        self._times.append(self._clock())
        if "ce-id" in headers:
            self._ids[headers["ce-id"]] = position
        self._grown.set()
        self._grown = asyncio.Event()
        return position

    async def last_of(self, subject: str) -> LogEntry | None:
        return next((entry for entry in reversed(self._entries) if matches(subject, entry.subject)), None)

    async def next_of(self, subject: str, after: Position) -> LogEntry | None:
        return next((entry for entry in self._entries[after:] if matches(subject, entry.subject)), None)

    async def at(self, position: Position) -> LogEntry | None:
        return self._entries[position - 1] if 0 < position <= len(self._entries) else None

    async def age_of(self, position: Position) -> timedelta | None:
        there = 0 < position <= len(self._times)
        return timedelta(seconds=self._clock() - self._times[position - 1]) if there else None

    async def end(self) -> Position:
        return Position(len(self._entries))

    async def follow(
        self, after: Position, *, subjects: Sequence[str] = (EVERYTHING,), batch_max: int = BATCH_MAX
    ) -> AsyncGenerator[Sequence[LogEntry]]:
        position = after
        while True:
            grown = self._grown
            there = self._entries[position : position + batch_max]
            position = Position(position + len(there))
            batch = [entry for entry in there if any(matches(subject, entry.subject) for subject in subjects)]
            if batch:
                yield batch
            if not there:
                await grown.wait()

    async def read(
        self,
        after: Position,
        *,
        subjects: Sequence[str] = (EVERYTHING,),
        batch_max: int = BATCH_MAX,
        until: Position | None = None,
        wanted: Wanted | None = None,
    ) -> AsyncGenerator[Sequence[LogEntry]]:
        end = len(self._entries) if until is None else min(until, len(self._entries))
        for start in range(after, end, batch_max):
            there = self._entries[start : min(start + batch_max, end)]
            batch = [
                entry
                for entry in there
                if any(matches(subject, entry.subject) for subject in subjects)
                and (wanted is None or wanted(entry.subject))
            ]
            if batch:
                yield batch

    async def search(
        self,
        after: Position,
        sieve: Sieve,
        *,
        subjects: Sequence[str] = (EVERYTHING,),
        found_max: int,
        looked_max: int,
    ) -> Found:
        there = [one for one in self._stored if any(matches(subject, one.subject) for subject in subjects)]

        async def batches() -> AsyncGenerator[Sequence[StoredMessage]]:
            yield [one for one in there if one.position > after]

        last = there[-1].position if there else Position(0)
        return await searched(batches(), sieve, last=last, found_max=found_max, looked_max=looked_max)

    def _last_position(self, subjects: str) -> Position:
        for entry in reversed(self._entries):
            if matches(subjects, entry.subject):
                return entry.position
        return Position(0)


def matches(pattern: str, subject: str) -> bool:
    """NATS subject matching: `*` is one token, `>` all the rest."""
    wanted, tokens = pattern.split("."), subject.split(".")
    for index, part in enumerate(wanted):
        if part == ">":
            return len(tokens) > index
        if index >= len(tokens) or part not in {"*", tokens[index]}:
            return False
    return len(wanted) == len(tokens)
