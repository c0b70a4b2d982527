"""A browser signs in at an OpenID Connect issuer (authorization code, PKCE, state, nonce), a real server."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fixtures.issuer import AUDIENCE, CLIENT, CLIENT_SECRET, Issuer, running_issuer
from integration.curation_api.hub import KEY, OPERATOR, Hub, problem, running_hub

REFUSED = "/?sign-in=refused"


@pytest.fixture
async def issuer(free_port: int) -> AsyncGenerator[Issuer]:
    async with running_issuer(free_port) as running:
        yield running


@pytest.fixture
async def signing_hub(nats_url: str, postgres_url: str, tmp_path: Path, issuer: Issuer) -> AsyncGenerator[Hub]:
    """A hub that is a client of the issuer; its own client has a cookie jar, as a browser has."""
    settings: dict[str, Any] = {
        "oidc_issuer": issuer.url,
        "oidc_audience": AUDIENCE,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": CLIENT_SECRET,
    }
    async with running_hub(
        nats_url, postgres_url, tmp_path, api_auth="token", operator_token=OPERATOR, service_key=KEY, **settings
    ) as running:
        yield running


async def led(browser: httpx.AsyncClient, address: str) -> httpx.Response:
    answer = await browser.get(address)
    assert answer.status_code in {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER}, answer.text
    return answer


async def come_back(browser: httpx.AsyncClient) -> str:
    """To the issuer and back: the address that its answer leads to."""
    there = (await led(browser, "/sign-in/issuer")).headers["location"]
    async with httpx.AsyncClient() as outside:
        return (await led(outside, there)).headers["location"]


async def test_who_comes_back_from_the_issuer_is_signed_in_by_the_hubs_own_cookie(
    signing_hub: Hub, issuer: Issuer
) -> None:
    browser = signing_hub.http
    assert await signing_hub.get("/api/sign-in-ways") == {"issuer": "/sign-in/issuer"}
    back = await come_back(browser)
    answer = await led(browser, back)
    assert answer.headers["location"] == "/"
    session = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("carnival_session="))
    assert all(word in session.lower() for word in ("httponly", "samesite=strict", "expires="))
    me = (await browser.get("/api/me")).json()
    assert (me["name"], me["role"]) == ("ada", "voter")
    problem(await browser.get("/api/tokens"), 403, "role-too-low")
    cross = await browser.post("/api/votes", json={}, headers={"Sec-Fetch-Site": "cross-site"})
    problem(cross, 403, "cross-site")
    await browser.post("/sign-out")
    problem(await browser.get("/api/me"), 401, "unauthenticated")
    assert (await led(browser, back)).headers["location"] == REFUSED, "an answer counts once"


async def test_an_answer_to_another_attempt_opens_nothing(signing_hub: Hub, issuer: Issuer) -> None:
    browser = signing_hub.http
    foreign = await come_back(browser)
    browser.cookies.clear()
    assert (await led(browser, foreign)).headers["location"] == REFUSED, "no attempt of this browser"
    await come_back(browser)
    assert (await led(browser, foreign)).headers["location"] == REFUSED, "the state is another one"
    mine = await come_back(browser)
    code = parse_qs(urlsplit(foreign).query)["code"][0]
    state = parse_qs(urlsplit(mine).query)["state"][0]
    mixed = f"/sign-in/issuer/answer?code={code}&state={state}"
    assert (await led(browser, mixed)).headers["location"] == REFUSED, "the code has another verifier"
    denied = f"/sign-in/issuer/answer?error=access_denied&state={state}"
    assert (await led(browser, denied)).headers["location"] == REFUSED
    problem(await browser.get("/api/me"), 401, "unauthenticated")


async def test_an_id_token_that_was_not_made_for_it_opens_nothing(signing_hub: Hub, issuer: Issuer) -> None:
    browser, wrong = signing_hub.http, [{"nonce": "other"}, {"nonce": None}, {"aud": AUDIENCE}, {"azp": "b"}]
    for said in (*wrong, {"aud": [CLIENT, "b"]}, {"roles": []}, {"exp": 1}):
        issuer.said = said
        assert (await led(browser, await come_back(browser))).headers["location"] == REFUSED, said
        problem(await browser.get("/api/me"), 401, "unauthenticated")
    issuer.said = {"aud": [CLIENT, "b"], "azp": CLIENT}
    assert (await led(browser, await come_back(browser))).headers["location"] == "/"


async def test_an_issuer_that_is_away_is_said_so(signing_hub: Hub, issuer: Issuer) -> None:
    await issuer.stop()
    problem(await signing_hub.http.get("/sign-in/issuer"), 503, "issuer-unreachable")


async def test_a_hub_without_an_issuer_signs_browsers_in_by_links_only(hub: Hub) -> None:
    assert await hub.get("/api/sign-in-ways") == {"issuer": None}
    problem(await hub.http.get("/sign-in/issuer"), 404, "issuer-sign-in-off")
