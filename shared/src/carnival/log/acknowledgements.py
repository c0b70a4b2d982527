"""The stream's answers to what one writer publishes, told apart from those of anybody else who listens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

import nats.errors
from nats.aio.client import Client
from nats.js.api import Header

from carnival.contracts.ids import fresh_id
from carnival.contracts.subjects import STREAM
from carnival.log.lean_client import subscribe_bare
from carnival.log.refusals import refusable

NO_RESPONDERS: Final = "503"


class Acknowledgements:
    """A plain request takes whatever comes first, and any subscriber may reply to a message on its way into the
    stream. So answers go to an inbox of our own, where only the stream's count.
    """

    def __init__(self, connection: Client) -> None:
        self._connection = connection
        self._prefix = ""
        self._opening = asyncio.Lock()
        self._awaited: dict[str, asyncio.Future[dict[str, Any]]] = {}

    async def publish(self, subject: str, body: bytes, headers: dict[str, str], seconds: float) -> dict[str, Any]:
        """The stream's answer, an error or not. Raises nats.errors.TimeoutError after `seconds` without one,
        NoRespondersError where nobody listens at all, Forbidden, and the other errors of the client."""
        reply = f"{await self._inbox()}.{fresh_id()}"
        answer = self._awaited[reply] = asyncio.get_running_loop().create_future()
        try:
            async with refusable(subject), asyncio.timeout(seconds):
                await self._connection.publish(subject, body, reply=reply, headers=headers)
                return await answer
        except TimeoutError as error:
            raise nats.errors.TimeoutError from error
        finally:
            self._awaited.pop(reply, None)

    async def _inbox(self) -> str:
        async with self._opening:
            if not self._prefix:
                prefix = self._connection.new_inbox()
                await subscribe_bare(self._connection, f"{prefix}.*", self._heard)
                self._prefix = prefix
        return self._prefix

    def _heard(self, subject: str, _: str, headers: Mapping[str, str], body: bytes) -> None:
        answer = self._awaited.get(subject)
        if answer is None or answer.done():
            return
        if headers.get(Header.STATUS) == NO_RESPONDERS:
            answer.set_exception(nats.errors.NoRespondersError())
        elif (found := _answer_of_stream(body)) is not None:
            answer.set_result(found)


def _answer_of_stream(data: bytes) -> dict[str, Any] | None:
    try:
        found: Any = json.loads(data)
    except ValueError:
        return None
    match found:
        case {"error": {"err_code": int()}}:
            return found
        case {"stream": stream, "seq": int()} if stream == STREAM:
            return found
        case _:
            return None
