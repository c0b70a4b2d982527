"""The process of `audience.py`: listens until every listener has heard of a position, then says what they heard.

    python listening_process.py URL TOKEN COUNT AFTER QUERY

Prints `ready` when all are connected. Then takes one line of JSON: `end`, the position to wait for, and `moments`, when
each change was written. Answers with one line: how many changes there were, how many listeners missed one or heard one
twice, and the delay in ms that 99 of 100 changes stayed below.
"""

from __future__ import annotations

import asyncio
import json
import re
import resource
import sys
from contextlib import suppress
from statistics import quantiles
from time import time
from typing import Final
from urllib.parse import urlsplit

from carnival.testing import until

PATIENCE_SECONDS: Final = 120.0
CONNECTING_AT_ONCE: Final = 50
TIMED_EVERY: Final = 20
"""Delays are taken at one listener of so many."""

_POSITION: Final = re.compile(rb"^id: (\d+)\nevent: change\n", re.MULTILINE)


class Listener(asyncio.Protocol):
    """Notes the positions in the order they come; `timed` also when."""

    def __init__(self, request: bytes, *, timed: bool) -> None:
        self._request = request
        self._rest = b""
        self._timed = timed
        self.heard: list[int] = []
        self.times: dict[int, float] = {}
        self.listens = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        whole, _, self._rest = (self._rest + data).rpartition(b"\n\n")
        if whole:
            self.listens.set()
        positions = [int(found) for found in _POSITION.findall(whole)]
        self.heard += positions
        if self._timed:
            now = time()
            self.times.update((position, now) for position in positions)


async def main(url: str, token: str, count: int, after: int, query: str) -> None:
    _, files_max = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files_max, files_max))
    parts, loop = urlsplit(url), asyncio.get_running_loop()
    host, port = str(parts.hostname), int(parts.port or 80)
    head = f"Host: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n"
    request = f"GET /api/changes?after={after}&{query} HTTP/1.1\r\n{head}\r\n".encode()
    listeners = [Listener(request, timed=number % TIMED_EVERY == 0) for number in range(count)]
    async with asyncio.timeout(PATIENCE_SECONDS):
        for start in range(0, count, CONNECTING_AT_ONCE):
            for listener in listeners[start : start + CONNECTING_AT_ONCE]:
                await loop.create_connection(lambda one=listener: one, host, port)
            for listener in listeners[start : start + CONNECTING_AT_ONCE]:
                await listener.listens.wait()
    print("ready", flush=True)
    asked = json.loads(await asyncio.to_thread(sys.stdin.readline))
    expected = list(range(after + 1, asked["end"] + 1))
    with suppress(TimeoutError):
        await until(lambda: all(len(one.heard) >= len(expected) for one in listeners), PATIENCE_SECONDS, every=0.1)
    moments = {int(position): moment for position, moment in asked["moments"].items()}
    delays = [
        (heard_at - moments[position]) * 1000
        for listener in listeners
        for position, heard_at in listener.times.items()
        if position in moments
    ]
    wrong = sum(listener.heard != expected for listener in listeners)
    print(json.dumps({"changes": len(expected), "wrong": wrong, "delay_p99_ms": quantiles(delays, n=100)[98]}))


if __name__ == "__main__":
    url, token, count, after, query = sys.argv[1:]
    asyncio.run(main(url, token, int(count), int(after), query))
