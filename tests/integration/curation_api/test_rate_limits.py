"""Rate limits through HTTP (issue: who may)."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest
from integration.curation_api.hub import KEY, OPERATOR, Hub, problem, running_hub

SLOWLY = 0.01
"""Requests a second that come back: none, for as long as a test takes."""


@pytest.fixture
async def strict_hub(nats_url: str, postgres_url: str, tmp_path: Path) -> AsyncGenerator[Hub]:
    """Ten requests of a member, five of a stranger, three wrong tokens: then it is over for minutes."""
    settings: dict[str, Any] = {
        "rate_burst": 10,
        "rate_per_second": SLOWLY,
        "rate_anonymous_burst": 5,
        "rate_anonymous_per_second": SLOWLY,
        "rate_attempts_burst": 3,
        "rate_attempts_per_second": SLOWLY,
    }
    async with running_hub(
        nats_url, postgres_url, tmp_path, api_auth="token", operator_token=OPERATOR, service_key=KEY, **settings
    ) as running:
        yield running


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def me(hub: Hub, token: str = OPERATOR) -> httpx.Response:
    return await hub.http.get("/api/me", headers=bearer(token))


async def new_token(hub: Hub, name: str) -> str:
    answer = await hub.http.post("/api/tokens", json={"name": name, "role": "voter"}, headers=bearer(OPERATOR))
    return answer.json()["token"]


def refused(answer: httpx.Response, name: str, burst: int) -> None:
    assert problem(answer, 429, "rate-exceeded")["retry_after"] == int(answer.headers["Retry-After"])
    assert 0 < int(answer.headers["Retry-After"]) <= 1 / SLOWLY
    assert answer.headers["RateLimit-Policy"] == f'"{name}";q={burst};w={round(burst / SLOWLY)}'
    assert answer.headers["RateLimit"].startswith(f'"{name}";r=0;t=')


async def test_a_member_hears_what_is_left_and_is_refused_after_the_burst_alone(strict_hub: Hub) -> None:
    ada = await new_token(strict_hub, "ada")
    left = [(await me(strict_hub, ada)).headers["RateLimit"] for _ in range(10)]
    assert [text.split(";")[1] for text in left] == [f"r={number}" for number in range(9, -1, -1)]
    refused(await me(strict_hub, ada), "member", 10)
    assert (await me(strict_hub)).status_code == 200


async def test_strangers_are_counted_by_address_and_health_never_is(strict_hub: Hub) -> None:
    for _ in range(5):
        problem(await strict_hub.http.get("/api/runs"), 401, "unauthenticated")
    refused(await strict_hub.http.get("/api/runs"), "address", 5)
    refused(await strict_hub.http.get("/openapi.json"), "address", 5)
    for _ in range(12):
        assert (await strict_hub.http.get("/health/live")).status_code == 200
    assert (await me(strict_hub)).status_code == 200


async def test_guessing_tokens_is_slowed_and_a_right_guess_is_not_told_from_a_wrong_one(strict_hub: Hub) -> None:
    guessed = await new_token(strict_hub, "bob")
    for _ in range(3):
        problem(await me(strict_hub, "tc_wrong"), 401, "credential-refused")
    refused(await me(strict_hub, "tc_wrong"), "attempts", 3)
    refused(await me(strict_hub, guessed), "attempts", 3)
    assert (await me(strict_hub)).status_code == 200, "who worked from there before goes on"


async def test_guessing_sign_in_codes_is_slowed(strict_hub: Hub) -> None:
    for _ in range(3):
        assert (await strict_hub.http.get("/sign-in?code=wrong")).status_code == 303
    refused(await strict_hub.http.get("/sign-in?code=wrong"), "attempts", 3)


async def test_nobody_is_counted_where_nobody_is_told_apart(hub: Hub) -> None:
    assert "RateLimit" not in (await hub.http.get("/api/me")).headers
