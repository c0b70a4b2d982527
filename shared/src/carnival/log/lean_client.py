"""A client of NATS for reading very many small messages.

nats-py looks at every character of every header, and takes each message through a queue and a task. On a log of small
events that is most of the time of reading it. Here the messages of one kind of subscription go straight from its
parser to their reader. All else (connecting, reconnecting, requests, every other subscription) is nats-py's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

Take: TypeAlias = Callable[[str, str, Mapping[str, str], bytes], None]
"""Subject, reply subject, headers and body of a message. Must not raise."""

PLAIN: Final = b"NATS/1.0\r\n"
"""How headers begin that bear no status."""

_HEADER: Final = re.compile(r"^([!-9;-~]+):[ \t]*([^\r\n]*)", re.MULTILINE)


class LeanClient(Client):
    """A client whose bare subscriptions cost a fraction of ordinary ones."""

    def __init__(self) -> None:
        super().__init__()
        self._takers: dict[int, Take] = {}

    async def subscribe_bare(self, subject: str, take: Take) -> Subscription:
        """Hand every message on `subject` to `take` as it is parsed. Nothing bounds how many come: ask for few."""

        async def never(_: Msg) -> None:
            raise AssertionError(f"a message on {subject} went past its reader")

        subscription = await self.subscribe(subject, cb=never)
        there = {sid: taker for sid, taker in self._takers.items() if sid in self._subs}
        self._takers = there | {subscription._id: take}  # pyright: ignore[reportPrivateUsage]
        return subscription

    async def _process_msg(self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes) -> None:
        take = self._takers.get(sid)
        if take is None:
            await super()._process_msg(sid, subject, reply, data, headers)
        elif sid not in self._subs:
            return
        elif headers and not headers.startswith(PLAIN):
            take(subject.decode(), reply.decode(), await self._process_headers(headers) or {}, data)
        else:
            take(subject.decode(), reply.decode(), headers_of(headers), data)


async def subscribe_bare(connection: Client, subject: str, take: Take) -> Subscription:
    """Hand every message on `subject` to `take`, as directly as the connection can."""
    if isinstance(connection, LeanClient):
        return await connection.subscribe_bare(subject, take)

    async def deliver(message: Msg) -> None:
        take(message.subject, message.reply, message.headers or {}, message.data)

    return await connection.subscribe(subject, cb=deliver)


def headers_of(raw: bytes | None) -> dict[str, str]:
    """Names and values of a header block without a status."""
    if not raw:
        return {}
    block = raw[len(PLAIN) :].decode("utf-8", "replace")
    try:
        return dict([line.split(": ", 1) for line in block.split("\r\n") if line])
    except ValueError:
        return dict(_HEADER.findall(block))
