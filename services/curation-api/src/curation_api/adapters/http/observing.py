"""What is seen of each request from outside: how long it took, by route template, and its span."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from typing import Final

from opentelemetry.trace import Span, SpanKind
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from carnival.telemetry.catalogue.curation_api import REQUEST_DURATION, STREAMS
from carnival.telemetry.instruments import histogram, level
from carnival.telemetry.tracing import span
from curation_api.adapters.http.roles import RoleTable

UNMATCHED: Final = "unmatched"
ABORTED: Final = 499
"""The client went away before there was an answer."""
METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


class Observed:
    """ASGI middleware, the outermost. A stream of changes has no latency; it is counted while it is open.

    Requests to the API continue the trace of their `traceparent`, or begin one. The framework could make these spans
    itself, at three times the price.
    """

    def __init__(self, app: ASGIApp, *, table: RoleTable) -> None:
        self._app = app
        self._table = table
        self._duration = histogram(REQUEST_DURATION)
        self._streams = level(STREAMS)
        self._streams.add(0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        status, streams = ABORTED, False
        method = scope["method"] if scope["method"] in METHODS else "_OTHER"

        async def sending(message: Message) -> None:
            nonlocal status, streams
            if message["type"] == "http.response.start":
                status = message["status"]
                streams = method == "GET" and _is_stream(message)
                if streams:
                    self._streams.add(1)
            await send(message)

        route = self._table.template(scope["path"]) or UNMATCHED
        started = time.perf_counter()
        try:
            with _traced(method, route, scope) as running:
                await self._app(scope, receive, sending)
                if running is not None:
                    running.set_attribute("http.response.status_code", status)
        finally:
            if streams:
                self._streams.add(-1)
            else:
                labels = {"http.request.method": method, "http.route": route, "http.response.status_code": status}
                self._duration.record(time.perf_counter() - started, labels)
        return None


def _is_stream(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith("text/event-stream")


def _traced(method: str, route: str, scope: Scope) -> AbstractContextManager[Span | None]:
    """Only what the API is asked is worth a trace: no probes, no files of the UI."""
    if not route.startswith("/api/"):
        return nullcontext()
    traceparent = Headers(scope=scope).get("traceparent")
    return span(f"{method} {route}", traceparent=traceparent, kind=SpanKind.SERVER)
