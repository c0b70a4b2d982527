"""One open HTTP/1.1 connection on which a submission leaves within the same pass of the event loop.

A general client takes several passes and some milliseconds until the first byte is out; the GPU stands idle meanwhile.
"""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64encode
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

import h11

from comfy_gateway.application.ports import ComfyNotReached, ComfyUnreachable

ANSWER_BYTES_MAX: Final = 32 * 1024 * 1024
READ_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class _Open:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    protocol: h11.Connection

    def is_usable(self) -> bool:
        idle = self.protocol.our_state is h11.IDLE and self.protocol.their_state is h11.IDLE
        return idle and not self.reader.at_eof() and not self.writer.is_closing()


class SubmissionLine:
    """Requests follow one another. Every call raises ComfyUnreachable; whether it had an effect is unknown then."""

    def __init__(
        self, base_url: str, *, trust: ssl.SSLContext | None, timeout_seconds: float, connect_seconds: float
    ) -> None:
        parts = urlsplit(base_url)
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._ssl = trust if parts.scheme == "https" else None
        self._path = parts.path.rstrip("/")
        self._headers = [("host", parts.netloc.rpartition("@")[2]), *_authorization(parts.username, parts.password)]
        self._timeout_seconds = timeout_seconds
        self._connect_seconds = connect_seconds
        self._line: _Open | None = None
        self._free = asyncio.Lock()

    async def request(self, method: str, path: str, body: bytes = b"") -> Answer:
        async with self._free:
            line = self._line
            if line is None or not line.is_usable():
                line = await self._opened()
            try:
                line.writer.write(self._encoded(line.protocol, method, path, body))
                async with asyncio.timeout(self._timeout_seconds):
                    await line.writer.drain()
                    answer = await _received(line)
            except (OSError, TimeoutError, h11.ProtocolError) as error:
                self.close()
                raise ComfyUnreachable(f"The server does not answer ({type(error).__name__} {error})") from error
            except BaseException:
                self.close()
                raise
            if line.protocol.our_state is h11.DONE and line.protocol.their_state is h11.DONE:
                line.protocol.start_next_cycle()
            else:
                self.close()
            return answer

    def close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.writer.close()

    async def _opened(self) -> _Open:
        self.close()
        try:
            async with asyncio.timeout(self._connect_seconds):
                reader, writer = await asyncio.open_connection(self._host, self._port, ssl=self._ssl)
        except (OSError, TimeoutError) as error:
            raise ComfyNotReached(f"The server cannot be reached ({type(error).__name__})") from error
        self._line = _Open(reader, writer, h11.Connection(h11.CLIENT))
        return self._line

    def _encoded(self, protocol: h11.Connection, method: str, path: str, body: bytes) -> bytes:
        headers = [
            *self._headers,
            ("accept", "application/json"),
            ("content-type", "application/json"),
            ("content-length", str(len(body))),
        ]
        head = protocol.send(h11.Request(method=method, target=f"{self._path}{path}", headers=headers)) or b""
        content = (protocol.send(h11.Data(data=body)) or b"") if body else b""
        return head + content + (protocol.send(h11.EndOfMessage()) or b"")


def _authorization(user: str | None, password: str | None) -> list[tuple[str, str]]:
    """For a server behind a proxy that asks for a password."""
    if user is None:
        return []
    token = b64encode(f"{unquote(user)}:{unquote(password or '')}".encode()).decode()
    return [("authorization", f"Basic {token}")]


async def _received(line: _Open) -> Answer:
    status, pieces, size = 0, list[bytes](), 0
    while True:
        match line.protocol.next_event():
            case h11.NEED_DATA:
                line.protocol.receive_data(await line.reader.read(READ_BYTES))
            case h11.Response(status_code=code):
                status = code
            case h11.Data(data=piece):
                pieces.append(bytes(piece))
                size += len(piece)
                if size > ANSWER_BYTES_MAX:
                    raise h11.RemoteProtocolError("the answer is too long")
            case h11.EndOfMessage():
                return Answer(status, b"".join(pieces))
            case h11.ConnectionClosed() | h11.PAUSED:
                raise h11.RemoteProtocolError("the connection was closed before an answer")
            case _:
                continue
