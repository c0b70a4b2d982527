"""The outermost layer: a correlation id for every request, a limit on its body, an answer for every error."""

from __future__ import annotations

import asyncio
import re

import structlog
from fastapi import Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from carnival.contracts.ids import fresh_id
from curation_api.adapters.http.json_values import ValueCounter
from curation_api.adapters.http.problem_kinds import TOO_LARGE
from curation_api.adapters.http.problems import problem, unexpected

CORRELATION_HEADER = "carnival-correlation"
NOTHING_ACTIVE = b"default-src 'none'; frame-ancestors 'none'"
"""Content-Security-Policy of every answer that is no page of ours: whatever it holds, a browser runs none of it."""

BODY_SECONDS_MAX = 60.0
VALUES_MAX = 100_000
"""Commas in a body, outside of its texts. A few megabytes of tiny values would keep the process from everybody else for
seconds."""

_PLAIN = re.compile(r"[A-Za-z0-9._-]{1,100}")
_log = structlog.get_logger(__name__)


class Boundary:
    """ASGI middleware. A client may name its own correlation id in the header Carnival-Correlation."""

    def __init__(self, app: ASGIApp, *, body_max_bytes: int) -> None:
        self._app = app
        self._body_max_bytes = body_max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        correlation_id = _correlation(headers.get(CORRELATION_HEADER, ""))
        scope.setdefault("state", {})["correlation_id"] = correlation_id
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                given = [*message.get("headers", [])]
                if not any(name.lower() == b"content-security-policy" for name, _ in given):
                    given.append((b"content-security-policy", NOTHING_ACTIVE))
                message["headers"] = [
                    *given,
                    (CORRELATION_HEADER.encode(), correlation_id.encode()),
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"no-referrer"),
                ]
            await send(message)

        request = Request(scope)
        if self._too_long(headers.get("content-length", "")):
            await self._too_large(request)(scope, receive, sending)
            return
        try:
            with bound_contextvars(correlation_id=correlation_id):
                await self._app(scope, self._counted(receive), sending)
        except Exception:
            _log.exception("A request failed", action="request_failed", correlation_id=correlation_id)
            if started:
                raise
            await unexpected(request)(scope, receive, sending)

    def _too_long(self, declared: str) -> bool:
        return declared.isdigit() and int(declared) > self._body_max_bytes

    def _too_large(self, request: Request) -> ASGIApp:
        return problem(request, TOO_LARGE, self._limit_sentence())

    def _limit_sentence(self) -> str:
        return f"A request may have {self._body_max_bytes} bytes at the most"

    def _counted(self, receive: Receive) -> Receive:
        """`receive` that refuses a body which grows past the limit without having declared its length, holds too many
        values, or does not come to its end in time."""
        seen, values, whole = 0, ValueCounter(), False
        end = asyncio.get_running_loop().time() + BODY_SECONDS_MAX

        async def counting() -> Message:
            nonlocal seen, whole
            try:
                async with asyncio.timeout_at(None if whole else end):
                    message = await receive()
            except TimeoutError as error:
                raise HTTPException(408, f"A request has {BODY_SECONDS_MAX:.0f} s for its body") from error
            whole = not message.get("more_body", False)
            seen += len(message.get("body", b""))
            values.add(message.get("body", b""))
            if seen > self._body_max_bytes:
                raise HTTPException(413, self._limit_sentence())
            if values.commas > VALUES_MAX:
                raise HTTPException(413, f"A request may have {VALUES_MAX} values at the most")
            return message

        return counting


def _correlation(given: str) -> str:
    return given if _PLAIN.fullmatch(given) else fresh_id()
