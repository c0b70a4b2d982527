"""A stored file as an answer: validators, caching, one byte range, a name to save it under (RFC 9110)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from curation_api.domain.image_refusals import BadRange

CACHE = "private, max-age=31536000, immutable"

_RANGE = re.compile(r"bytes=\s*(\d{1,18})?\s*-\s*(\d{1,18})?\s*", re.IGNORECASE)
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """What is sent: `read` gives the bytes from its first argument up to its second; `etag` names exactly them all."""

    etag: str
    media_type: str
    size: int
    file_name: str
    read: Callable[[int, int], AsyncIterator[bytes]]


def answer(request: Request, shown: Representation, *, download: bool) -> Response:
    """200, 206, 304, or BadRange. HEAD is answered without a body and never in part."""
    disposition = "attachment" if download else "inline"
    headers = {
        "ETag": f'"{shown.etag}"',
        "Cache-Control": CACHE,
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'{disposition}; filename="{safe_file_name(shown.file_name)}"',
    }
    if _client_has_it(shown.etag, request.headers.get("if-none-match")):
        return Response(status_code=304, headers=headers)
    if request.method == "HEAD":
        whole = {**headers, "Content-Length": str(shown.size)}
        return Response(media_type=shown.media_type, headers=whole)
    part = _wanted_part(request, shown)
    start, end = part or (0, shown.size)
    headers["Content-Length"] = str(end - start)
    if part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{shown.size}"
    return StreamingResponse(
        shown.read(start, end), status_code=206 if part else 200, media_type=shown.media_type, headers=headers
    )


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """Start and end (not included) of the one range that `header` asks of `size` bytes.

    None for several ranges, other units or nonsense: the whole is sent then, as the standard allows. Raises BadRange.
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None or (found[1] is None and found[2] is None):
        return None
    if found[1] is None:
        start, end = max(0, size - int(found[2])), size
    else:
        start, end = int(found[1]), min(size, int(found[2]) + 1) if found[2] else size
        if found[2] and int(found[2]) < start:
            return None
    if start >= end:
        raise BadRange(f"The file has {size} bytes", size=size)
    return start, end


def safe_file_name(name: str) -> str:
    """Letters, digits, dot, underscore and hyphen only, so that no header and no file system is led astray."""
    return _UNSAFE.sub("-", name).strip(".-")[-150:] or "image"


def _wanted_part(request: Request, shown: Representation) -> tuple[int, int] | None:
    header = request.headers.get("range")
    condition = request.headers.get("if-range")
    if header is None or (condition is not None and condition.strip() != f'"{shown.etag}"'):
        return None
    return byte_range(header, shown.size)


def _client_has_it(etag: str, if_none_match: str | None) -> bool:
    tags = {tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")}
    return "*" in tags or f'"{etag}"' in tags
