"""Files that are made while they are sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Final

from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from curation_api.domain.export_refusals import DownloadsFull

DOWNLOADS_MAX: Final = 4
SEND_SECONDS: Final = 60.0


class Downloads:
    """Answers of any length, a few at once."""

    def __init__(self) -> None:
        self._open = 0

    async def answer(
        self, pieces: AsyncGenerator[bytes], *, name: str, media_type: str, headers: dict[str, str]
    ) -> StreamingResponse:
        """A file called `name` for the client to keep. The first piece is made before the answer begins, so whatever is
        refused is still a problem document. Raises DownloadsFull, and what `pieces` raises."""
        if self._open >= DOWNLOADS_MAX:
            raise DownloadsFull(f"{DOWNLOADS_MAX} exports are being sent; try again when one has ended")
        self._open += 1
        try:
            first = await anext(pieces, b"")
        except BaseException:
            self._open -= 1
            raise
        disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
        return _Download(_rest(first, pieces), self._ended, media_type, disposition | headers)

    def _ended(self) -> None:
        self._open -= 1


class _Download(StreamingResponse):
    """A client that takes nothing for a minute is dropped: it sees a broken answer, never one that only looks whole."""

    def __init__(
        self, pieces: AsyncGenerator[bytes], ended: Callable[[], None], media_type: str, headers: dict[str, str]
    ) -> None:
        super().__init__(pieces, media_type=media_type, headers=headers)
        self._pieces = pieces
        self._ended = ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with aclosing(self._pieces):
                await super().__call__(scope, receive, send)
        finally:
            self._ended()

    async def stream_response(self, send: Send) -> None:
        async def patient(message: Message) -> None:
            async with asyncio.timeout(SEND_SECONDS):
                await send(message)

        await super().stream_response(patient)


async def _rest(first: bytes, pieces: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    async with aclosing(pieces):
        yield first
        async for piece in pieces:
            if piece:
                yield piece
