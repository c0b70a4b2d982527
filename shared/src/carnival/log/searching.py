"""Looking for entries in what is stored, and decoding only those."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from carnival.contracts.envelope import LogEntry
from carnival.contracts.ids import Position
from carnival.log.port import Found, Sieve, StoredMessage
from carnival.log.wire import decode


async def searched(
    batches: AsyncIterator[Sequence[StoredMessage]], sieve: Sieve, *, last: Position, found_max: int, looked_max: int
) -> Found:
    """As `EventLog.search`, in `batches` of a log whose newest entry stands at `last`."""
    entries: list[LogEntry] = []
    looked = 0
    async for batch in batches:
        for message in batch:
            looked += 1
            if sieve(message):
                entries.append(decode(message.subject, message.position, message.headers, message.body))
            if message.position >= last:
                return Found(entries, None)
            if looked == looked_max or len(entries) == found_max:
                return Found(entries, message.position)
    return Found(entries, None)
