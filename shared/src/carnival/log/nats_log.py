"""The event log on a JetStream stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from datetime import timedelta

from nats.aio.client import Client

from carnival.contracts.envelope import Event, LogEntry, Metadata
from carnival.contracts.ids import Position
from carnival.contracts.subjects import EVERYTHING
from carnival.log.appending import NatsAppender
from carnival.log.lookup import NatsLookup
from carnival.log.measuring import MeasuredAppends, Told
from carnival.log.port import BATCH_MAX, Appended, Draft, Expectation, Found, Sieve, StoredMessage, Wanted
from carnival.log.reading import NatsReading
from carnival.log.searching import searched
from carnival.log.wire import decode


class NatsEventLog:
    """Implements `carnival.log.port.EventLog` on a connected client. The stream exists (see `ensure_stream`).

    `told` hears of each event that was appended here and had not stood in the log before.
    """

    def __init__(self, connection: Client, told: Told | None = None) -> None:
        self.connection = connection
        self._measured = MeasuredAppends(told)
        self._lookup = NatsLookup(connection)
        self._appender = NatsAppender(connection, self._lookup.next_of)

    async def append(self, event: Event, meta: Metadata, *, expected: Expectation | None = None) -> Appended:
        return await self._measured([event], self._appender.append(event, meta, expected=expected))

    async def append_all(self, drafts: Sequence[Draft], *, expected: Expectation | None = None) -> Appended:
        events = [draft.event for draft in drafts]
        return await self._measured(events, self._appender.append_all(drafts, expected=expected))

    async def last_of(self, subject: str) -> LogEntry | None:
        return await self._lookup.last_of(subject)

    async def next_of(self, subject: str, after: Position) -> LogEntry | None:
        return await self._lookup.next_of(subject, after)

    async def at(self, position: Position) -> LogEntry | None:
        return await self._lookup.at(position)

    async def age_of(self, position: Position) -> timedelta | None:
        return await self._lookup.age_of(position)

    async def end(self) -> Position:
        return await self._lookup.end()

    async def follow(
        self, after: Position, *, subjects: Sequence[str] = (EVERYTHING,), batch_max: int = BATCH_MAX
    ) -> AsyncGenerator[Sequence[LogEntry]]:
        async for batch in NatsReading(self.connection, after, subjects, batch_max, decode).batches():
            yield batch

    async def read(
        self,
        after: Position,
        *,
        subjects: Sequence[str] = (EVERYTHING,),
        batch_max: int = BATCH_MAX,
        until: Position | None = None,
        wanted: Wanted | None = None,
    ) -> AsyncGenerator[Sequence[LogEntry]]:
        newest = await self._newest(subjects)
        last = newest if until is None else min(newest, until)
        if last <= after:
            return
        reading = NatsReading(self.connection, after, subjects, batch_max, decode, wanted)
        async for batch in reading.batches(until=last):
            within = [entry for entry in batch if entry.position <= last]
            if within:
                yield within

    async def search(
        self,
        after: Position,
        sieve: Sieve,
        *,
        subjects: Sequence[str] = (EVERYTHING,),
        found_max: int,
        looked_max: int,
    ) -> Found:
        last = await self._newest(subjects)
        if last <= after:
            return Found((), None)
        reading = NatsReading(self.connection, after, subjects, min(looked_max, BATCH_MAX), _stored)
        async with aclosing(reading.batches(until=last)) as batches:
            return await searched(batches, sieve, last=last, found_max=found_max, looked_max=looked_max)

    async def _newest(self, subjects: Sequence[str]) -> Position:
        newest = await asyncio.gather(*map(self._lookup.last_of, subjects))
        return max((entry.position for entry in newest if entry), default=Position(0))


def _stored(subject: str, position: Position, headers: Mapping[str, str], body: bytes) -> StoredMessage:
    return StoredMessage(position, subject, headers, body)
