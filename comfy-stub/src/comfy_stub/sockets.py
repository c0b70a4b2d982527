"""The open WebSockets, and the single line of frames that goes out to them in order.

The map has one socket per client id. A second socket with the id replaces the first, and whichever of the two
closes first takes the id away from both: ComfyUI behaves so, and gateways must survive it.
"""

from __future__ import annotations

import asyncio
import logging

from aiohttp import web

from comfy_stub.frames import Frame, PreviewFrame, TextFrame
from comfy_stub.standstill import Standstill

log = logging.getLogger(__name__)

OUTBOX_FRAMES_MAX = 100_000
SEND_SECONDS_MAX = 10.0


class Sockets:
    """Owned by the event loop; only `post` may be called from other threads."""

    def __init__(self, loop: asyncio.AbstractEventLoop, standstill: Standstill) -> None:
        self._loop = loop
        self._standstill = standstill
        self._sockets: dict[str, web.WebSocketResponse] = {}
        self._with_metadata: set[str] = set()
        self._outbox: asyncio.Queue[tuple[Frame, str | None]] = asyncio.Queue(OUTBOX_FRAMES_MAX)

    def post(self, frame: Frame, client_id: str | None) -> None:
        """Queue a frame for one client, or for everybody when `client_id` is None."""
        if self._loop.is_closed():
            return
        self._loop.call_soon_threadsafe(self._outbox.put_nowait, (frame, client_id))

    def join(self, client_id: str, socket: web.WebSocketResponse) -> None:
        self._with_metadata.discard(client_id)
        self._sockets[client_id] = socket

    def leave(self, client_id: str) -> None:
        """Forget the id, even when a newer socket holds it by now."""
        self._sockets.pop(client_id, None)
        self._with_metadata.discard(client_id)

    def negotiate(self, client_id: str, *, preview_metadata: bool) -> None:
        if preview_metadata:
            self._with_metadata.add(client_id)
        else:
            self._with_metadata.discard(client_id)

    def forget_all(self) -> None:
        """Leave all sockets open but send nothing to them any more."""
        self._sockets.clear()
        self._with_metadata.clear()

    async def publish(self) -> None:
        """Send what is posted, in order, until cancelled."""
        while True:
            frame, client_id = await self._outbox.get()
            await self._standstill.over()
            for recipient, socket in self._recipients(frame, client_id):
                await self._send(recipient, socket, frame)

    def _recipients(self, frame: Frame, client_id: str | None) -> list[tuple[str, web.WebSocketResponse]]:
        if client_id is None:
            return list(self._sockets.items())
        socket = self._sockets.get(client_id)
        if socket is None:
            return []
        if isinstance(frame, PreviewFrame) and (frame.metadata is not None) != (client_id in self._with_metadata):
            return []
        return [(client_id, socket)]

    async def _send(self, recipient: str, socket: web.WebSocketResponse, frame: Frame) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS_MAX):
                if isinstance(frame, TextFrame):
                    await socket.send_str(frame.encoded())
                else:
                    await socket.send_bytes(frame.encoded())
        except TimeoutError:
            log.warning("%s reads nothing: it gets no more frames", recipient)
            self.leave(recipient)
        except (ConnectionError, RuntimeError) as error:
            log.info("frame to %s was not sent: %r", recipient, error)


class Voice:
    """What one engine may say. Muted when the engine stops, so that an abandoned job says nothing after a restart."""

    def __init__(self, sockets: Sockets) -> None:
        self._sockets = sockets
        self._muted = False

    def mute(self) -> None:
        self._muted = True

    def post(self, frame: Frame, client_id: str | None) -> None:
        if not self._muted:
            self._sockets.post(frame, client_id)
