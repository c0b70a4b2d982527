"""The log message by message, as it is stored: for backups. Nothing is decoded, so nothing can be lost or made up."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Final

import nats.errors
from nats.aio.client import Client

from carnival.contracts.ids import Position, fresh_id
from carnival.contracts.subjects import EVERYTHING, STREAM
from carnival.log.errors import LogError, LogUnavailable
from carnival.log.port import StoredMessage
from carnival.log.reading import NatsReading
from carnival.log.refusals import refusable
from carnival.log.wire import MESSAGE_ID

READ_MAX: Final = 2_000
BATCH_MAX: Final = 500
BATCH_BYTES_MAX: Final = 4 * 1024 * 1024
ANSWER_TIMEOUT_SECONDS: Final = 30.0
DUPLICATE_IN_BATCH: Final = 10201


class CopyRefused(LogError):
    """The log is not the one, or not at the place, that the copy goes on from."""


async def read_stored(connection: Client, after: Position, until: Position) -> AsyncGenerator[Sequence[StoredMessage]]:
    """The messages behind `after` up to `until`, none missing. Raises LogGap."""
    if until <= after:
        return
    reading = NatsReading(connection, after, (EVERYTHING,), READ_MAX, _stored)
    async with aclosing(reading.batches(until=until)) as batches:
        async for batch in batches:
            yield [message for message in batch if message.position <= until]


async def stored_at(connection: Client, position: Position) -> StoredMessage | None:
    """One message, None if the log is shorter."""
    answer = await _ask(connection, f"$JS.API.DIRECT.GET.{STREAM}", json.dumps({"seq": position}).encode())
    headers = answer.headers or {}
    return None if headers.get("Status") else _stored(headers["Nats-Subject"], position, headers, answer.data)


async def append_stored(connection: Client, messages: Sequence[StoredMessage]) -> None:
    """Write messages at the very positions they had. They follow each other and the end of the log.

    Any other writer makes it fail: every part states the position it expects. Raises CopyRefused, LogUnavailable.
    """
    for part in _parts(messages):
        if not await _append_at_once(connection, part):
            for message in part:
                await _append_single(connection, message)


async def _append_at_once(connection: Client, part: Sequence[StoredMessage]) -> bool:
    """All or none. False if an id repeats within the server's duplicate window, which only single messages survive."""
    if len(part) == 1:
        return False
    batch_id = fresh_id()
    for number, message in enumerate(part, 1):
        headers = {**message.headers, "Nats-Batch-Id": batch_id, "Nats-Batch-Sequence": str(number)}
        if number == 1:
            headers["Nats-Expected-Last-Sequence"] = str(message.position - 1)
        if number < len(part):
            await connection.publish(message.subject, message.body, headers=headers)
        else:
            answer = await _request(connection, message, headers | {"Nats-Batch-Commit": "1"})
            if answer.get("error", {}).get("err_code") == DUPLICATE_IN_BATCH:
                return False
            _check(answer, message.position)
    return True


async def _append_single(connection: Client, message: StoredMessage) -> None:
    headers = {**message.headers, "Nats-Expected-Last-Sequence": str(message.position - 1)}
    answer = await _request(connection, message, headers)
    if answer.get("duplicate"):
        # The id came twice, long apart; here both come within minutes. The copy keeps it as an attribute only.
        del headers[MESSAGE_ID]
        answer = await _request(connection, message, headers)
    _check(answer, message.position)


def _check(answer: dict[str, Any], position: Position) -> None:
    if "error" in answer:
        raise CopyRefused(f"position {position} cannot be written: {answer['error'].get('description')}")
    if answer.get("seq") != position:
        raise CopyRefused(f"a message came to stand at {answer.get('seq')} instead of {position}")


async def _request(connection: Client, message: StoredMessage, headers: dict[str, str]) -> dict[str, Any]:
    answer = await _ask(connection, message.subject, message.body, headers)
    return json.loads(answer.data)


async def _ask(connection: Client, subject: str, body: bytes, headers: dict[str, str] | None = None) -> Any:
    try:
        async with refusable(subject):
            return await connection.request(subject, body, timeout=ANSWER_TIMEOUT_SECONDS, headers=headers)
    except (nats.errors.Error, OSError) as error:
        raise LogUnavailable(f"the log does not answer ({error or type(error).__name__})") from error


def _parts(messages: Sequence[StoredMessage]) -> list[list[StoredMessage]]:
    parts: list[list[StoredMessage]] = []
    size = 0
    for message in messages:
        if not parts or len(parts[-1]) >= BATCH_MAX or size + len(message.body) > BATCH_BYTES_MAX:
            parts.append([])
            size = 0
        parts[-1].append(message)
        size += len(message.body)
    return parts


def _stored(subject: str, position: Position, headers: Mapping[str, str], body: bytes) -> StoredMessage:
    """Without the headers that told the server how to store it."""
    kept = {name: value for name, value in headers.items() if not name.startswith("Nats-") or name == MESSAGE_ID}
    return StoredMessage(position, subject, kept, body)
