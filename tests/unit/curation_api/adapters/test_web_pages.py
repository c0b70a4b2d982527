"""The web UI as files: its shell for every place, its parts for ever, nothing of it in the way of the API."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncGenerator

import httpx
import pytest
import pytest_asyncio
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from curation_api.adapters.http.roles import RoleTable
from curation_api.adapters.http.web_pages import SHELL, SiteFile, WebPages

SCRIPT = "start()"
PAGE = f"<html><script>{SCRIPT}</script></html>".encode()
PART = b"export const a = 1;" * 20
BROWSER = {"Accept": "text/html,application/xhtml+xml"}
PART_PATH = "/_app/immutable/a.js"


def file(body: bytes, media_type: str, cached: str, packed: tuple[tuple[str, bytes], ...] = ()) -> SiteFile:
    return SiteFile(body=body, packed=packed, media_type=media_type, cached=cached, etag='"tag"')


SITE = {
    SHELL: file(PAGE, "text/html", "no-cache"),
    PART_PATH[1:]: file(PART, "text/javascript", "immutable", (("br", b"br"), ("gzip", b"gz"))),
}


def client(site: dict[str, SiteFile]) -> httpx.AsyncClient:
    below: ASGIApp = PlainTextResponse("the API")
    app = WebPages(below, table=RoleTable(), site=site)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://hub")


@pytest_asyncio.fixture
async def http() -> AsyncGenerator[httpx.AsyncClient]:
    async with client(SITE) as http:
        yield http


@pytest.mark.parametrize("place", ["/", "/runs/r1", "/runs/r1/vote?x=1", "/guest", "/nowhere"])
async def test_every_place_is_the_shell_which_runs_nothing_but_its_own(http: httpx.AsyncClient, place: str) -> None:
    answer = await http.get(place, headers=BROWSER)
    assert (answer.status_code, answer.content) == (200, PAGE)
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert f"script-src 'self' 'sha256-{digest}'" in policy
    assert "unsafe-inline" not in policy
    assert "http:" not in policy


@pytest.mark.parametrize("path", ["/api/runs", "/api/nothing", "/problems", "/docs", "/sign-in", "/openapi.json"])
async def test_routes_of_the_api_are_left_to_it_even_in_a_browser(http: httpx.AsyncClient, path: str) -> None:
    assert (await http.get(path, headers=BROWSER)).text == "the API"


async def test_programs_get_no_page_where_there_is_no_route(http: httpx.AsyncClient) -> None:
    assert (await http.get("/runs/r1", headers={"Accept": "application/json"})).text == "the API"
    assert (await http.post("/runs/r1", headers=BROWSER)).text == "the API"


@pytest.mark.parametrize(
    ("accepted", "coding", "body"),
    [("gzip, deflate, br", "br", b"br"), ("gzip;q=0.5", "gzip", b"gz"), ("identity", None, PART)],
)
async def test_parts_are_sent_packed_and_kept_for_ever(
    http: httpx.AsyncClient, accepted: str, coding: str | None, body: bytes
) -> None:
    async with http.stream("GET", PART_PATH, headers={"Accept-Encoding": accepted}) as answer:
        raw = b"".join([piece async for piece in answer.aiter_raw()])
    assert (raw, answer.headers.get("content-encoding")) == (body, coding)
    assert answer.headers["cache-control"] == "immutable"
    assert answer.headers["vary"] == "Accept-Encoding"


async def test_what_a_browser_has_is_not_sent_again(http: httpx.AsyncClient) -> None:
    answer = await http.get("/", headers={**BROWSER, "If-None-Match": '"tag"'})
    assert (answer.status_code, answer.content) == (304, b"")


async def test_a_ui_that_was_not_built_says_how_to_build_it() -> None:
    async with client({}) as http:
        answer = await http.get("/", headers=BROWSER)
    assert "make web" in answer.text
    assert answer.headers["content-type"].startswith("text/html")
