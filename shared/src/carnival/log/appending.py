"""Appends on NATS: expectations, duplicates, lost answers, atomic batches."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import nats.errors
from nats.aio.client import Client

from carnival.contracts.envelope import Event, LogEntry, Metadata, Recorded
from carnival.contracts.ids import Position, fresh_id
from carnival.contracts.subjects import subject_of
from carnival.log.acknowledgements import Acknowledgements
from carnival.log.errors import AppendRefused, LogUnavailable, StalePosition
from carnival.log.port import ATOMIC_BATCH_MAX, Appended, Draft, Expectation
from carnival.log.wire import encode

TRYING_SECONDS_MAX: Final = 20.0
"""Longer than a cluster takes to agree on another leader."""
PAUSE_FIRST_SECONDS: Final = 0.05
PAUSE_MAX_SECONDS: Final = 1.0
ANSWER_TIMEOUT_SECONDS: Final = 5.0
OWN_EVENT_SEARCH_MAX: Final = 64
WRONG_LAST_SEQUENCE: Final = frozenset({10071, 10164})
DUPLICATE_IN_BATCH: Final = 10201
NO_ROOM: Final = 10023
TEMPORARY: Final = frozenset({408, 503})

NextOf = Callable[[str, Position], Awaitable[LogEntry | None]]


class NatsAppender:
    """Writes events. `next_of` is used to look for an event of our own behind a failed expectation."""

    def __init__(self, connection: Client, next_of: NextOf) -> None:
        self._connection = connection
        self._acknowledgements = Acknowledgements(connection)
        self._next_of = next_of

    async def append(self, event: Event, meta: Metadata, *, expected: Expectation | None = None) -> Appended:
        headers, body = encode(event, meta)
        headers.update(_expectation_headers(expected))
        subject = subject_of(event)
        answer = await self._until_answered(lambda: self._request(subject, body, headers))
        match answer:
            case {"error": {"err_code": int(code)}} if code in WRONG_LAST_SEQUENCE and expected is not None:
                return await self._own_event(subject, meta, expected)
            case {"error": error}:
                raise AppendRefused(f"{subject}: {error.get('description', error)}")
            case _:
                return Appended(Position(answer["seq"]), bool(answer.get("duplicate")))

    async def append_all(self, drafts: Sequence[Draft], *, expected: Expectation | None = None) -> Appended:
        if not drafts or len(drafts) > ATOMIC_BATCH_MAX:
            raise ValueError(f"an atomic batch holds 1 to {ATOMIC_BATCH_MAX} events, not {len(drafts)}")
        if len(drafts) == 1:
            return await self.append(drafts[0].event, drafts[0].meta, expected=expected)
        first, last = drafts[0], drafts[-1]
        answer = await self._until_answered(lambda: self._send_batch(drafts, expected))
        match answer:
            case {"error": {"err_code": int(code)}} if code in WRONG_LAST_SEQUENCE and expected is not None:
                await self._own_event(subject_of(first.event), first.meta, expected)
                return await self._own_event(subject_of(last.event), last.meta, expected)
            case {"error": {"err_code": int(code)}} if code == DUPLICATE_IN_BATCH:
                after = expected.last if expected else Position(0)
                return await self._own_event(
                    subject_of(last.event), last.meta, Expectation(subject_of(last.event), after)
                )
            case {"error": error}:
                raise AppendRefused(f"batch of {len(drafts)}: {error.get('description', error)}")
            case {"count": int(count), "seq": int(sequence)} if count == len(drafts):
                return Appended(Position(sequence))
            case _:
                raise AppendRefused(f"batch of {len(drafts)} events was answered with {answer}")

    async def _send_batch(self, drafts: Sequence[Draft], expected: Expectation | None) -> dict[str, Any]:
        batch_id = fresh_id()
        answer: dict[str, Any] = {}
        for number, draft in enumerate(drafts, 1):
            headers, body = encode(draft.event, draft.meta)
            headers |= {"Nats-Batch-Id": batch_id, "Nats-Batch-Sequence": str(number)}
            if number == 1:
                headers |= _expectation_headers(expected)
            if number < len(drafts):
                await self._connection.publish(subject_of(draft.event), body, headers=headers)
            else:
                answer = await self._request(subject_of(draft.event), body, headers | {"Nats-Batch-Commit": "1"})
        return answer

    async def _request(self, subject: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        return await self._acknowledgements.publish(subject, body, headers, ANSWER_TIMEOUT_SECONDS)

    async def _until_answered(self, send: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        """Send, and send the very same again while no answer comes: the event id makes that harmless."""
        pause, deadline = PAUSE_FIRST_SECONDS, time.monotonic() + TRYING_SECONDS_MAX
        while True:
            try:
                answer = await send()
            except nats.errors.MaxPayloadError as error:
                raise AppendRefused("the event is larger than the server accepts") from error
            except (nats.errors.Error, OSError) as error:
                problem = error or type(error).__name__
                await _wait_for_connection(self._connection)
            else:
                error = answer.get("error", {})
                if error.get("code") not in TEMPORARY or error.get("err_code") == NO_ROOM:
                    return answer
                problem = error.get("description")
            if time.monotonic() + pause > deadline:
                raise LogUnavailable(f"no answer from the log within {TRYING_SECONDS_MAX:.0f} s ({problem})")
            await asyncio.sleep(pause)
            pause = min(pause * 2, PAUSE_MAX_SECONDS)

    async def _own_event(self, subject: str, meta: Metadata, expected: Expectation) -> Appended:
        """The server checks expectations before duplicates: an answer that got lost looks stale when sent again."""
        after = expected.last
        for _ in range(OWN_EVENT_SEARCH_MAX):
            entry = await self._next_of(subject, after)
            if entry is None:
                break
            if isinstance(entry, Recorded) and entry.meta.event_id == meta.event_id:
                return Appended(entry.position, duplicate=True)
            after = entry.position
        raise StalePosition(expected.subjects, expected.last)


def _expectation_headers(expected: Expectation | None) -> dict[str, str]:
    if expected is None:
        return {}
    return {
        "Nats-Expected-Last-Subject-Sequence": str(expected.last),
        "Nats-Expected-Last-Subject-Sequence-Subject": expected.subjects,
    }


async def _wait_for_connection(connection: Client) -> None:
    """Give a reconnecting client one answer's time; a dead line is found by the next try."""
    try:
        await connection.flush(timeout=int(ANSWER_TIMEOUT_SECONDS))
    except (nats.errors.Error, OSError):
        return
