"""One connection of a client, which may be slow or mean: every wait for it has an end, and its head a size.

Bodies are limited by the boundary, which can still answer. Here is what comes before and behind it: a head that never
ends, and an answer that is never read.
"""

from __future__ import annotations

import asyncio
import json
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from curation_api.adapters.http.problem_kinds import BAD_REQUEST, HEAD_TOO_LARGE, REQUEST_SLOW, ProblemKind

HEAD_SECONDS_MAX: Final = 20.0
HEAD_BYTES_MAX: Final = 64 * 1024
UNREAD_SECONDS_MAX: Final = 60.0


class GuardedProtocol(HttpToolsProtocol):
    """A class of connections for uvicorn.

    A head has to come whole within HEAD_SECONDS_MAX and within about HEAD_BYTES_MAX; who does not take what is sent for
    UNREAD_SECONDS_MAX is cut off, however much waits for it. Nobody else notices.
    """

    head_seconds_max = HEAD_SECONDS_MAX
    unread_seconds_max = UNREAD_SECONDS_MAX
    _head_end: asyncio.TimerHandle | None = None
    _unread_end: asyncio.TimerHandle | None = None
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_there()
        self._is_read()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head_end is not None:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX:
                self._refuse(HEAD_TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._head_end is None:
            self._await_head()

    def on_headers_complete(self) -> None:
        self._head_is_there()
        super().on_headers_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._unread_end is None:
            self._unread_end = self.loop.call_later(self.unread_seconds_max, self.transport.abort)

    def resume_writing(self) -> None:
        self._is_read()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """For what is no HTTP."""
        self._refuse(BAD_REQUEST, msg)

    def _is_read(self) -> None:
        if self._unread_end is not None:
            self._unread_end.cancel()
            self._unread_end = None

    def _await_head(self) -> None:
        self._head_bytes = 0
        self._head_end = self.loop.call_later(self.head_seconds_max, self._refuse, REQUEST_SLOW)

    def _head_is_there(self) -> None:
        if self._head_end is not None:
            self._head_end.cancel()
            self._head_end = None

    def _refuse(self, kind: ProblemKind, detail: str = "") -> None:
        self._head_is_there()
        if self.transport.is_closing():
            return
        body = json.dumps(
            {"type": kind.type, "title": kind.title, "status": kind.status, "detail": detail or kind.advice}
        )
        head = (
            f"HTTP/1.1 {kind.status} {kind.title}\r\ncontent-type: application/problem+json\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write((head + body).encode())
        self.transport.close()
