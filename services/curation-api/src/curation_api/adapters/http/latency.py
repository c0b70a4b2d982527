"""How long requests take, by route template."""

from __future__ import annotations

import time
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from carnival.telemetry.catalogue import REQUEST_DURATION, STREAMS
from carnival.telemetry.instruments import histogram, level
from curation_api.adapters.http.roles import RoleTable

UNMATCHED: Final = "unmatched"
ABORTED: Final = 499
"""The client went away before there was an answer."""
METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


class Latency:
    """ASGI middleware, the outermost. A stream of changes has no latency; it is counted while it is open."""

    def __init__(self, app: ASGIApp, *, table: RoleTable) -> None:
        self._app = app
        self._table = table
        self._duration = histogram(REQUEST_DURATION)
        self._streams = level(STREAMS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        status, streams = ABORTED, False

        async def sending(message: Message) -> None:
            nonlocal status, streams
            if message["type"] == "http.response.start":
                status = message["status"]
                streams = Headers(raw=message["headers"]).get("content-type", "").startswith("text/event-stream")
                self._streams.add(int(streams))
            await send(message)

        started = time.perf_counter()
        try:
            await self._app(scope, receive, sending)
        finally:
            if streams:
                self._streams.add(-1)
            else:
                self._duration.record(time.perf_counter() - started, self._labels(scope, status))
        return None

    def _labels(self, scope: Scope, status: int) -> dict[str, str | int]:
        method = scope["method"] if scope["method"] in METHODS else "_OTHER"
        return {
            "http.request.method": method,
            "http.route": self._table.template(scope["path"]) or UNMATCHED,
            "http.response.status_code": status,
        }
