"""The pages of the API: HTML, each with a policy that lets nothing run but what it was written with."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.resources import files
from typing import Final, Literal

from fastapi import APIRouter
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse, Response

SWAGGER: Final = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
"""What the documentation page is made of, as the package fastapi-offline brings it: nothing is asked of other hosts."""

_SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_STYLE: Final = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def html_page(html: str, origins: str = "") -> HTMLResponse:
    """`html` under a strict Content-Security-Policy: its own inline scripts and styles by hash, files of `origins`."""
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {_sources(_SCRIPT, html, origins)}",
            f"style-src {_sources(_STYLE, html, origins)}",
            f"img-src 'self' data: blob: {origins}",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
    return HTMLResponse(html, headers={"Cache-Control": "no-cache", "Content-Security-Policy": policy})


def page_routes(title: str) -> APIRouter:
    """The documentation of the API."""
    router = APIRouter(include_in_schema=False)
    docs_html = bytes(
        get_swagger_ui_html(
            openapi_url="openapi.json",
            title=title,
            swagger_js_url="docs/swagger-ui-bundle.js",
            swagger_css_url="docs/swagger-ui.css",
            swagger_favicon_url="data:,",
        ).body
    ).decode()

    @router.get("/docs", response_class=HTMLResponse)
    async def docs() -> HTMLResponse:
        return html_page(docs_html, "'self'")

    @router.get("/docs/{name}")
    async def docs_file(name: Literal["swagger-ui-bundle.js", "swagger-ui.css"]) -> Response:
        content = files("fastapi_offline").joinpath("static", name).read_bytes()
        return Response(content, media_type=SWAGGER[name], headers={"Cache-Control": "public, max-age=86400"})

    _ = (docs, docs_file)
    return router


def _sources(kind: re.Pattern[str], html: str, origins: str) -> str:
    digests = (hashlib.sha256(text.encode()).digest() for text in kind.findall(html))
    found = [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
    return " ".join([*found, *origins.split()]) or "'none'"
