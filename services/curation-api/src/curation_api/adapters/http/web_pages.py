"""The web UI: files that were built once, sent as they are, each page under a policy that lets nothing else run."""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from curation_api.adapters.http.roles import RoleTable

SHELL: Final = "shell.html"
FOREVER: Final = "public, max-age=31536000, immutable"
ASK_AGAIN: Final = "no-cache"
IMMUTABLE_FOLDER: Final = "_app/immutable/"
CODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
ANNOUNCER_STYLE: Final = "'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='"
"""The one inline style of the UI's framework: it hides the line that tells screen readers of a new page."""
NOT_BUILT: Final = (
    "<!doctype html><html lang=en><title>Turbo Carnival</title><h1>The web UI is not built</h1>"
    "<p>In the project's folder type <code>make web</code>, then start the hub again. The API works without it."
)

_SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SiteFile:
    """One file of the site: as it is, and packed by each coding that made it smaller."""

    body: bytes
    packed: tuple[tuple[str, bytes], ...]
    media_type: str
    cached: str
    etag: str


def page_policy(html: str) -> str:
    """A Content-Security-Policy for `html`: its own inline scripts by hash, files of this hub, nothing else."""
    digests = (hashlib.sha256(text.encode()).digest() for text in _SCRIPT.findall(html))
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {hashes}".rstrip(),
            "style-src 'self'",
            f"style-src-attr 'unsafe-hashes' {ANNOUNCER_STYLE}",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "font-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def built_site() -> dict[str, SiteFile]:
    """The files of the built UI by their paths, empty if it was never built. They are few and small: kept in memory."""
    found = dict(_walk(files("curation_api").joinpath("web"), ""))
    return {path: _site_file(path, found) for path in found if not path.endswith((".br", ".gz"))}


class WebPages:
    """ASGI middleware before the gate: the UI's files for anyone, its shell for every page a browser opens.

    What the UI shows comes from the API, which asks who it is.
    """

    def __init__(self, app: ASGIApp, *, table: RoleTable, site: Mapping[str, SiteFile]) -> None:
        self._app = app
        self._table = table
        self._site = site
        shell = site.get(SHELL)
        self._policy = page_policy(shell.body.decode() if shell else NOT_BUILT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._answer(scope) if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} else None
        await (answer or self._app)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        path: str = scope["path"]
        headers = Headers(scope=scope)
        file = self._site.get(path.removeprefix("/"))
        if file is not None and path != f"/{SHELL}":
            return _sent(file, headers)
        if path != "/" and not self._is_place(path, headers):
            return None
        shell = self._site.get(SHELL)
        page = Response(NOT_BUILT, media_type="text/html") if shell is None else _sent(shell, headers)
        page.headers["Content-Security-Policy"] = self._policy
        return page

    def _is_place(self, path: str, headers: Headers) -> bool:
        """Whether a browser opens a place of the UI there; the UI itself says if there is no such place."""
        opens_a_page = "text/html" in headers.get("accept", "")
        return opens_a_page and not path.startswith("/api/") and self._table.methods(path) is None


def _sent(file: SiteFile, headers: Headers) -> Response:
    always = {"Cache-Control": file.cached, "ETag": file.etag, "Vary": "Accept-Encoding"}
    if headers.get("if-none-match") == file.etag:
        return Response(status_code=304, headers=always)
    taken = {one.split(";")[0].strip() for one in headers.get("accept-encoding", "").split(",")}
    for coding, packed in file.packed:
        if coding in taken:
            return Response(packed, media_type=file.media_type, headers={**always, "Content-Encoding": coding})
    return Response(file.body, media_type=file.media_type, headers=always)


def _site_file(path: str, found: Mapping[str, bytes]) -> SiteFile:
    body = found[path]
    packed = ((coding, found.get(f"{path}{ending}")) for coding, ending in CODINGS)
    return SiteFile(
        body=body,
        packed=tuple((coding, data) for coding, data in packed if data is not None and len(data) < len(body)),
        media_type=mimetypes.guess_type(path)[0] or "application/octet-stream",
        cached=FOREVER if path.startswith(IMMUTABLE_FOLDER) else ASK_AGAIN,
        etag=f'"{hashlib.sha256(body).hexdigest()[:32]}"',
    )


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    if not folder.is_dir():
        return
    for child in folder.iterdir():
        path = f"{prefix}{child.name}"
        if child.is_dir():
            yield from _walk(child, f"{path}/")
        else:
            yield path, child.read_bytes()
