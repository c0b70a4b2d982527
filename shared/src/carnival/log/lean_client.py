"""A client of NATS for reading very many small messages.

nats-py looks at every character of every header, matches each message with two patterns, and takes it through a queue
and a task. On a log of small events that is most of the time of reading it. Here the messages of one kind of
subscription are cut out of the stream of bytes and go straight to their reader. All else (connecting, reconnecting,
requests, every other subscription, whatever is not whole or not plain) is nats-py's; but a flush waits for all that was
said before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from nats.aio.client import DEFAULT_FLUSH_TIMEOUT, Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.protocol.parser import AWAITING_MSG_PAYLOAD, Parser

Take: TypeAlias = Callable[[str, str, Mapping[str, str], bytes], None]
"""Subject, reply subject, headers and body of a message. Must not raise."""
Passes: TypeAlias = Callable[[str, str], bool]
"""Of subject and reply subject of a message: whether nothing else of it matters. Must not raise. Not every message is
asked about: whoever takes them asks again."""

PLAIN: Final = b"NATS/1.0\r\n"
"""How headers begin that bear no status."""
LINE_END: Final = b"\r\n"
WORDS: Final = 6
"""HMSG, subject, subscription, reply subject, size of the headers, size of all."""

_HEADER: Final = re.compile(r"^([!-9;-~]+):[ \t]*([^\r\n]*)", re.MULTILINE)


class LeanClient(Client):
    """A client whose bare subscriptions cost a fraction of ordinary ones, and whose flush is one."""

    def __init__(self) -> None:
        super().__init__()
        self._takers: dict[int, tuple[Take, Passes | None]] = {}
        self._ps = LeanParser(self)

    async def subscribe_bare(self, subject: str, take: Take, passes: Passes | None = None) -> Subscription:
        """Hand every message on `subject` to `take` as it is parsed, unless it `passes`. Nothing bounds how many come:
        ask for few."""

        async def never(_: Msg) -> None:
            raise AssertionError(f"a message on {subject} went past its reader")

        subscription = await self.subscribe(subject, cb=never)
        there = {sid: taker for sid, taker in self._takers.items() if sid in self._subs}
        self._takers = there | {subscription._id: (take, passes)}  # pyright: ignore[reportPrivateUsage]
        return subscription

    def taker_of(self, sid: int) -> tuple[Take, Passes | None] | None:
        """Who reads this subscription, and what passes; None if it is an ordinary one or over."""
        return self._takers.get(sid) if sid in self._subs else None

    async def flush(self, timeout: int = DEFAULT_FLUSH_TIMEOUT) -> None:
        """Return when the server has taken all that was said before. Raises nats.errors.Error.

        nats-py writes its ping past commands that still wait to be written: its answer proves nothing of those.
        """
        await self._flush_pending(force_flush=True)
        await super().flush(timeout)

    async def _process_msg(self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes) -> None:
        taker = self._takers.get(sid)
        if taker is None:
            await super()._process_msg(sid, subject, reply, data, headers)
        elif sid not in self._subs:
            return
        elif headers and not headers.startswith(PLAIN):
            taker[0](subject.decode(), reply.decode(), await self._process_headers(headers) or {}, data)
        else:
            taker[0](subject.decode(), reply.decode(), headers_of(headers), data)


class LeanParser(Parser):
    """Of each chunk of bytes, first what is left of a message that began before, then the whole plain messages of bare
    subscriptions, then the rest, which is nats-py's."""

    nc: LeanClient

    async def parse(self, data: bytes = b"") -> None:
        if self.state == AWAITING_MSG_PAYLOAD:
            missing = self.needed + len(LINE_END) - len(self.buf)
            await super().parse(data[:missing])
            data = data[missing:]
        elif self.buf:
            data = bytes(self.buf) + data
            self.buf.clear()
        await super().parse(data[self._taken(data) :])

    def _taken(self, data: bytes) -> int:
        """How many bytes of `data` were messages that went to their readers."""
        start = 0
        while (line_end := data.find(LINE_END, start)) > 0:
            words = data[start:line_end].split(b" ")
            if len(words) != WORDS or words[0] != b"HMSG":
                break
            taker = self.nc.taker_of(int(words[2]))
            headers = line_end + len(LINE_END)
            body, end = headers + int(words[4]), headers + int(words[5])
            if taker is None or end + len(LINE_END) > len(data) or not data.startswith(PLAIN, headers):
                break
            take, passes = taker
            subject, reply = words[1].decode(), words[3].decode()
            if passes is None or not passes(subject, reply):
                take(subject, reply, headers_of(data[headers:body]), data[body:end])
            start = end + len(LINE_END)
        return start


async def subscribe_bare(connection: Client, subject: str, take: Take, passes: Passes | None = None) -> Subscription:
    """Hand every message on `subject` to `take`, unless it `passes`, as directly as the connection can."""
    if isinstance(connection, LeanClient):
        return await connection.subscribe_bare(subject, take, passes)

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
