"""Single entries by direct get: one round trip each, no consumer."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any, Final

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg

from carnival.contracts.envelope import LogEntry
from carnival.contracts.ids import Position
from carnival.contracts.subjects import EVERYTHING, STREAM
from carnival.log.errors import LogUnavailable
from carnival.log.refusals import refusable
from carnival.log.wire import decode

DIRECT_GET: Final = f"$JS.API.DIRECT.GET.{STREAM}"
STREAM_INFO: Final = f"$JS.API.STREAM.INFO.{STREAM}"
TRIES_MAX: Final = 4
PAUSE_SECONDS: Final = 0.5
"""A cluster that looks for another leader, and a server that starts, refuse at once."""
ANSWER_TIMEOUT_SECONDS: Final = 3.0


class NatsLookup:
    """Reads single entries."""

    def __init__(self, connection: Client) -> None:
        self._connection = connection

    async def last_of(self, subject: str) -> LogEntry | None:
        return await self._get({"last_by_subj": subject})

    async def next_of(self, subject: str, after: Position) -> LogEntry | None:
        return await self._get({"seq": after + 1, "next_by_subj": subject})

    async def at(self, position: Position) -> LogEntry | None:
        return await self._get({"seq": position})

    async def age_of(self, position: Position) -> timedelta | None:
        message = await self._message({"seq": position})
        if message is None:
            return None
        written = datetime.fromisoformat((message.headers or {})["Nats-Time-Stamp"])
        return max(timedelta(0), await self._time_of_log() - written)

    async def end(self) -> Position:
        entry = await self.last_of(EVERYTHING)
        return entry.position if entry else Position(0)

    async def _get(self, query: dict[str, Any]) -> LogEntry | None:
        message = await self._message(query)
        if message is None:
            return None
        headers = message.headers or {}
        return decode(headers["Nats-Subject"], Position(int(headers["Nats-Sequence"])), headers, message.data)

    async def _time_of_log(self) -> datetime:
        try:
            async with refusable(STREAM_INFO):
                answer = await self._connection.request(STREAM_INFO, b"", timeout=ANSWER_TIMEOUT_SECONDS)
            return datetime.fromisoformat(json.loads(answer.data)["ts"])
        except (nats.errors.Error, OSError, KeyError) as error:
            raise LogUnavailable(f"the log does not tell its time ({error or type(error).__name__})") from error

    async def _message(self, query: dict[str, Any]) -> Msg | None:
        problem: object = None
        for _ in range(TRIES_MAX):
            try:
                async with refusable(DIRECT_GET):
                    message = await self._connection.request(
                        DIRECT_GET, json.dumps(query).encode(), timeout=ANSWER_TIMEOUT_SECONDS
                    )
            except (nats.errors.Error, OSError) as error:
                problem = error
            else:
                headers = message.headers or {}
                match headers.get("Status"):
                    case None:
                        return message
                    case "404":
                        return None
                    case status:
                        problem = f"{status} {headers.get('Description', '')}"
            await asyncio.sleep(PAUSE_SECONDS)
        raise LogUnavailable(f"the log does not answer ({problem or 'no answer'})")
