"""One kept-open HTTP connection that costs the measuring process next to nothing."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Final, Self
from urllib.parse import urlsplit

ANSWER_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class HttpLine:
    """One request at a time. Every answer of the API has a length, so nothing else is understood."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = str(parts.hostname), int(parts.port or 80)
        self._head = f"Host: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n"
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._hang_up()

    async def get(self, path: str) -> Answer:
        return await self._send(f"GET {path} HTTP/1.1\r\n{self._head}\r\n".encode())

    async def post(self, path: str, body: object, key: str = "") -> Answer:
        """With `key` as Idempotency-Key, if there is one."""
        data = json.dumps(body).encode()
        keyed = f"Idempotency-Key: {key}\r\n" if key else ""
        head = (
            f"POST {path} HTTP/1.1\r\n{self._head}{keyed}Content-Type: application/json\r\nContent-Length: {len(data)}"
        )
        return await self._send(f"{head}\r\n\r\n".encode() + data)

    async def _send(self, request: bytes) -> Answer:
        """Raises OSError and EOFError where the server is away; the next request begins a new connection."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                reader, writer = self._ends = self._ends or await asyncio.open_connection(self._host, self._port)
                writer.write(request)
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                length = int(head.partition("content-length:")[2].partition("\r\n")[0])
                return Answer(int(head[9:12]), await reader.readexactly(length))
        except BaseException:
            self._hang_up()
            raise

    def _hang_up(self) -> None:
        if self._ends is not None:
            self._ends[1].transport.abort()
            self._ends = None
