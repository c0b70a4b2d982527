"""Browsers: signing in by a link, cookies, other sites' requests, what pages may run."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import pytest
from integration.curation_api.hub import Hub, problem
from integration.curation_api.test_access import bearer, issued

COOKIE = "carnival_session"


@asynccontextmanager
async def browser(hub: Hub, role: str = "curator") -> AsyncGenerator[tuple[httpx.AsyncClient, str]]:
    """A browser that opened the link of a fresh token, and the token's id."""
    made = await issued(hub, role)
    link = await hub.http.post("/api/sign-in-links", headers=bearer(made["token"]))
    assert link.status_code == 201
    async with httpx.AsyncClient(base_url=hub.http.base_url) as http:
        answer = await http.get(link.json()["url"])
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "Secure" not in cookie
        yield http, made["id"]


async def test_a_link_signs_one_browser_in_and_no_second_one(closed_hub: Hub) -> None:
    made = await issued(closed_hub, "curator")
    link = (await closed_hub.http.post("/api/sign-in-links", headers=bearer(made["token"]))).json()["url"]
    async with httpx.AsyncClient(base_url=closed_hub.http.base_url) as first:
        await first.get(link)
        me = (await first.get("/api/me")).json()
        assert (me["name"], me["role"]) == ("ada", "curator")
    async with httpx.AsyncClient(base_url=closed_hub.http.base_url) as second:
        used = await second.get(link)
        assert (used.status_code, used.headers["location"]) == (303, "/?sign-in=used")
        assert COOKIE not in second.cookies
        unknown = await second.get("/sign-in", params={"code": "none"})
        assert unknown.headers["location"] == "/?sign-in=used"


async def test_a_session_ends_by_signing_out_and_with_its_token(closed_hub: Hub) -> None:
    async with browser(closed_hub) as (http, _):
        assert (await http.post("/sign-out")).status_code == 303
        problem(await http.get("/api/runs"), 401, "unauthenticated")
    async with browser(closed_hub) as (http, token_id):
        assert (await http.get("/api/runs")).status_code == 200
        await closed_hub.http.delete(f"/api/tokens/{token_id}")
        problem(await http.get("/api/runs"), 401, "unauthenticated")


async def test_a_cookie_that_was_changed_opens_nothing(closed_hub: Hub) -> None:
    async with browser(closed_hub, "viewer") as (http, _):
        words, _, signature = http.cookies[COOKIE].partition(".")
    said = json.loads(base64.urlsafe_b64decode(words + "=="))
    forged = base64.urlsafe_b64encode(json.dumps(said | {"expires_at": "2999-01-01T00:00:00Z"}).encode()).decode()
    for cookie in (f"{forged}.{signature}", f"{words}.", words, "x.y", "é"):
        headers = {b"Cookie": f"{COOKIE}={cookie}".encode()}
        async with httpx.AsyncClient(base_url=closed_hub.http.base_url) as other:
            problem(await other.get("/api/runs", headers=headers), 401, "unauthenticated")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
async def test_what_another_site_makes_a_browser_send_is_refused(
    closed_hub: Hub, headers: dict[str, str], status: int
) -> None:
    run_id = await closed_hub.run()
    async with browser(closed_hub) as (http, _):
        answer = await http.post(f"/api/runs/{run_id}/pause", headers=headers)
        assert answer.status_code == status, answer.text
        assert (await http.get("/api/runs", headers=headers)).status_code == 200
    token = await closed_hub.http.post(f"/api/runs/{run_id}/pause", headers=headers)
    assert token.status_code == 200


async def test_an_open_hub_answers_to_localhost_and_its_own_pages_only(hub: Hub) -> None:
    strange = {"Origin": "http://evil.example"}
    problem(await hub.http.post("/api/pipelines", json={}, headers=strange), 403, "cross-site")
    problem(await hub.http.get("/api/runs", headers={"Host": "evil.example"}), 403, "cross-site")
    own = str(hub.http.base_url).rstrip("/")
    assert (await hub.http.post("/api/pipelines", json={}, headers={"Origin": own})).status_code == 422
    problem(await hub.http.post("/api/sign-in-links"), 409, "sign-in-needs-token")


@pytest.mark.parametrize("path", ["/", "/docs"])
async def test_a_page_runs_nothing_but_what_it_was_written_with(closed_hub: Hub, path: str) -> None:
    page = await closed_hub.http.get(path)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert not {"'unsafe-inline'", "'unsafe-eval'"} & set(re.split(r"[ ;]+", policy))
    [script] = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in policy
    assert not re.search(r"<[^>]+ (?:on[a-z]+|style)=", re.sub(r"<script>.*?</script>", "", page.text, flags=re.DOTALL))


async def test_every_answer_forbids_what_a_browser_could_do_with_it(closed_hub: Hub) -> None:
    for path in ("/api/runs", "/nowhere", "/openapi.json", "/health/live"):
        headers = (await closed_hub.http.get(path)).headers
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert (headers["referrer-policy"], headers["x-content-type-options"]) == ("no-referrer", "nosniff")
