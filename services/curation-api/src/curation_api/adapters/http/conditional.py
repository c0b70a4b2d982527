"""Answers that a client has already: every JSON answer to a GET bears an ETag, and 304 stands for one that still holds.

The tag is a hash of the answer itself, so it is right whatever the answer was made of: rows, clock, fleet or log.
A route may set a tag of its own (`RUN_TAG`), where a later write refers to it by If-Match.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TAG_BYTES: Final = 12
REVALIDATE: Final = "private, no-cache"
_KEPT: Final = frozenset(
    {
        *("etag", "cache-control", "vary", "date", "link"),
        *("carnival-projected", "carnival-correlation", "ratelimit", "ratelimit-policy"),
    }
)


class ConditionalGets:
    """ASGI middleware. Touches only whole JSON answers with status 200; streams and files pass through."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        known = Headers(scope=scope).get("if-none-match", "")
        held: Message | None = None

        async def sending(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start" and _is_json(message):
                held = message
                return
            if held is None:
                await send(message)
                return
            start, held = held, None
            if not message.get("more_body", False):
                start, message = _tagged(start, message, known)
            await send(start)
            await send(message)

        await self._app(scope, receive, sending)


def tag_of(*parts: str | bytes) -> str:
    """A short hash of all parts, without quotation marks."""
    digest = blake2b(digest_size=TAG_BYTES)
    for part in parts:
        digest.update(part.encode() if isinstance(part, str) else part)
        digest.update(b"\x00")
    return digest.hexdigest()


def tags_in(header: str) -> frozenset[str]:
    """The tags a condition names, weak ones as if they were strong, `*` as itself."""
    return frozenset(tag.strip().removeprefix("W/").strip('"') for tag in header.split(",") if tag.strip())


def _is_json(start: Message) -> bool:
    return start["status"] == 200 and Headers(raw=start["headers"]).get("content-type", "").startswith(
        "application/json"
    )


def _tagged(start: Message, body: Message, known: str) -> tuple[Message, Message]:
    headers = MutableHeaders(raw=list(start["headers"]))
    if "etag" not in headers:
        headers["etag"] = f'"{tag_of(body["body"])}"'
    headers.setdefault("cache-control", REVALIDATE)
    if not tags_in(known) & {headers["etag"].strip('"'), "*"}:
        return {**start, "headers": headers.raw}, body
    kept = [(name, value) for name, value in headers.raw if name.decode("latin-1").lower() in _KEPT]
    return {**start, "status": 304, "headers": kept}, {**body, "body": b""}
