"""ComfyUI's WebSocket: hints about what to look at. Nothing is replayed, frames may be missing, sockets may go deaf."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from comfy_gateway.domain.hint import Connected, Disconnected, Hint, WentDeaf, hint_of
from comfy_gateway.domain.preview import preview_of

FRAME_BYTES_MAX: Final = 256 * 1024 * 1024
SIGN_SECONDS: Final = 5.0
OPEN_TIMEOUT_SECONDS: Final = 10.0
CLOSE_TIMEOUT_SECONDS: Final = 1.0
PING_INTERVAL_SECONDS: Final = 20.0
PONG_TIMEOUT_SECONDS: Final = 60.0
RECONNECT_PAUSE_SECONDS: Final = 0.5
WANTS_PREVIEWS_DESCRIBED: Final = json.dumps({"type": "feature_flags", "data": {"supports_preview_metadata": True}})
"""Only heard as the first message: previews then name their job."""

_log = structlog.get_logger(__name__)


class ComfySocket:
    """Implements `Hints`. One process per client id: of two sockets with one id the newer wins, and closing the older
    one makes the newer deaf. So the old socket is closed before a new one is opened, and silence is noticed.
    """

    def __init__(self, base_url: str, client_id: str, trust: ssl.SSLContext | None) -> None:
        parts = urlsplit(base_url)
        self._trust = trust if parts.scheme == "https" else None
        scheme = "wss" if parts.scheme == "https" else "ws"
        path = f"{parts.path.rstrip('/')}/ws"
        self._url = urlunsplit((scheme, parts.netloc, path, urlencode({"clientId": client_id}), ""))
        self._socket: ClientConnection | None = None
        self._frames = 0
        self._sign_due: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None
        self._on_hint: Callable[[Hint], None] = lambda _: None

    async def listen(self, on_hint: Callable[[Hint], None]) -> None:
        self._on_hint = on_hint
        while True:
            try:
                await self._one_connection(on_hint)
            except (OSError, TimeoutError, WebSocketException) as error:
                _log.debug("The socket of a node is closed", action="socket_closed", error=str(error))
            await asyncio.sleep(RECONNECT_PAUSE_SECONDS)

    @property
    def frames(self) -> int:
        return self._frames

    def expect_sign(self, since: int) -> None:
        if self._socket is not None and self._sign_due is None and self._frames == since:
            self._sign_due = asyncio.get_running_loop().call_later(SIGN_SECONDS, self._close_deaf_socket)

    async def _one_connection(self, on_hint: Callable[[Hint], None]) -> None:
        async with connect(
            self._url,
            ssl=self._trust,
            max_size=FRAME_BYTES_MAX,
            compression=None,
            proxy=None,
            open_timeout=OPEN_TIMEOUT_SECONDS,
            close_timeout=CLOSE_TIMEOUT_SECONDS,
            ping_interval=PING_INTERVAL_SECONDS,
            ping_timeout=PONG_TIMEOUT_SECONDS,
        ) as socket:
            self._socket = socket
            await socket.send(WANTS_PREVIEWS_DESCRIBED)
            on_hint(Connected())
            try:
                async for frame in socket:
                    self._frames += 1
                    self._heard()
                    _pass_on(frame, on_hint)
            finally:
                self._socket = None
                self._heard()
                on_hint(Disconnected())

    def _heard(self) -> None:
        if self._sign_due is not None:
            self._sign_due.cancel()
            self._sign_due = None

    def _close_deaf_socket(self) -> None:
        self._sign_due = None
        if self._socket is not None:
            _log.warning("A socket went deaf, opening another one", action="socket_deaf")
            self._on_hint(WentDeaf())
            self._closing = asyncio.create_task(self._socket.close())


def _pass_on(frame: str | bytes, on_hint: Callable[[Hint], None]) -> None:
    try:
        hint = hint_of(json.loads(frame)) if isinstance(frame, str) else preview_of(frame)
    except ValueError:
        return
    if hint is not None:
        on_hint(hint)
