"""JWTs of an OpenID Connect issuer, which is a real server that rotates its keys and goes away (issue: who may)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from fixtures.issuer import AUDIENCE, Issuer, running_issuer
from integration.curation_api.hub import KEY, OPERATOR, Hub, problem, running_hub
from integration.curation_api.test_access import bearer

from carnival.contracts.access import Role
from carnival.testing import until
from curation_api.adapters import jwt_issuer
from curation_api.adapters.jwt_issuer import IssuerRules, JwtIssuer
from curation_api.domain.access.claims import ClaimRules
from curation_api.domain.access.refusals import CredentialRefused, IssuerUnreachable

HMAC_SECRET = "s" * 64


@pytest.fixture
async def issuer(free_port: int) -> AsyncGenerator[Issuer]:
    async with running_issuer(free_port) as running:
        yield running


@pytest.fixture
async def open_hub(nats_url: str, postgres_url: str, tmp_path: Path, issuer: Issuer) -> AsyncGenerator[Hub]:
    """A hub that takes the issuer's tokens."""
    settings: dict[str, Any] = {
        "oidc_issuer": issuer.url,
        "oidc_audience": AUDIENCE,
        "oidc_roles_claim": "realm_access.roles",
        "oidc_roles": "artists=voter,hub-admins=operator",
    }
    async with running_hub(
        nats_url, postgres_url, tmp_path, api_auth="token", operator_token=OPERATOR, service_key=KEY, **settings
    ) as running:
        yield running


@asynccontextmanager
async def reader(
    url: str, algorithms: tuple[str, ...] = ("RS256", "ES256"), pause_seconds: float = 0
) -> AsyncGenerator[JwtIssuer]:
    roles = {role.value: role for role in Role}
    claims = ClaimRules(name_claim="sub", roles_claim="roles", roles=roles)
    rules = IssuerRules(issuer=url, audience=AUDIENCE, algorithms=algorithms, leeway_seconds=5, claims=claims)
    reading = JwtIssuer(rules, pause_seconds=pause_seconds)
    try:
        yield reading
    finally:
        await reading.close()


async def refused(reading: JwtIssuer, token: str) -> str:
    with pytest.raises(CredentialRefused) as caught:
        await reading.member(token)
    return caught.value.message


async def test_a_token_opens_what_its_roles_allow_in_the_name_of_its_subject(open_hub: Hub, issuer: Issuer) -> None:
    artist = bearer(issuer.token(realm_access={"roles": ["offline", "artists"]}))
    me = (await open_hub.http.get("/api/me", headers=artist)).json()
    assert (me["name"], me["role"]) == ("ada", "voter")
    assert me["expires_at"] is not None
    problem(await open_hub.http.get("/api/tokens", headers=artist), 403, "role-too-low")
    admin = bearer(issuer.token(sub="bob", realm_access={"roles": ["artists", "hub-admins"]}))
    assert (await open_hub.http.get("/api/tokens", headers=admin)).status_code == 200
    nobody = bearer(issuer.token(realm_access={"roles": ["operator"]}))
    answer = await open_hub.http.get("/api/me", headers=nobody)
    problem(answer, 401, "credential-refused")
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert (await open_hub.http.get("/api/me", headers=bearer(OPERATOR))).json()["name"] == "operator"


async def test_a_vote_is_that_of_the_tokens_subject(open_hub: Hub, issuer: Issuer) -> None:
    open_hub.http.headers["Authorization"] = f"Bearer {OPERATOR}"
    run_id = await open_hub.run()
    pair = {"left_id": await open_hub.image(run_id), "right_id": await open_hub.image(run_id), "outcome": "left"}
    ada = bearer(issuer.token(realm_access={"roles": ["artists"]}))
    assert (await open_hub.http.post("/api/votes", json=pair, headers=ada)).json()["result"]["voter"] == "ada"


async def test_a_stream_ends_with_the_token(open_hub: Hub, issuer: Issuer) -> None:
    open_hub.http.headers["Authorization"] = f"Bearer {OPERATOR}"
    brief = bearer(issuer.token(exp=int(time.time()) + 3, realm_access={"roles": ["artists"]}))
    async with open_hub.http.stream("GET", "/api/changes", headers=brief) as stream:
        assert stream.status_code == 200
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            ended = group.create_task(_rest(stream))
            while not ended.done():
                await open_hub.pipeline()


async def _rest(stream: httpx.Response) -> None:
    async for _ in stream.aiter_lines():
        pass


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another hub"},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"exp": int(time.time()) - 60},
        {"exp": None},
        {"nbf": int(time.time()) + 3600},
        {"sub": None},
        {"sub": "guest:5f2a"},
        {"sub": "a" * 200},
        {"sub": "a\x00b"},
        {"roles": []},
        {"roles": None},
        {"roles": {"voter": True}},
    ],
    ids=str,
)
async def test_a_token_whose_claims_do_not_hold_is_refused(issuer: Issuer, claims: dict[str, Any]) -> None:
    async with reader(issuer.url) as reading:
        assert (await reading.member(issuer.token())).role is Role.VOTER
        assert (await reading.member(issuer.token(aud=[AUDIENCE, "more"], exp=int(time.time()) - 2))).name == "ada"
        await refused(reading, issuer.token(**claims))


async def test_only_a_signature_by_a_published_key_and_an_allowed_algorithm_counts(issuer: Issuer) -> None:
    issuer.rotate("curve", kind="EC", keep=True)
    head, body, signature = issuer.token().split(".")
    forged = _words(json.loads(_bytes(body)) | {"sub": "eve"})
    public = json.dumps(issuer.published()[0])
    async with reader(issuer.url) as reading:
        assert (await reading.member(issuer.token(kid="curve", algorithm="ES256"))).name == "ada"
        await refused(reading, f"{head}.{forged}.{signature}")
        await refused(reading, f"{_words({'alg': 'none', 'kid': 'first'})}.{body}.")
        await refused(reading, _signed_by_what_all_know(body, public))
        await refused(reading, issuer.token(algorithm="HS256", key=HMAC_SECRET))
        await refused(reading, issuer.token(algorithm="RS512"))
        await refused(reading, issuer.token(key=rsa.generate_private_key(65537, 2048)))
        await refused(reading, issuer.token(kid="first", algorithm="ES256", key=issuer.key("curve")))
        await refused(reading, "a.b.c")


def _signed_by_what_all_know(body: str, public: str) -> str:
    """HMAC with the published key as its secret."""
    words = f"{_words({'alg': 'HS256', 'kid': 'first'})}.{body}"
    digest = hmac.new(public.encode(), words.encode(), hashlib.sha256).digest()
    return f"{words}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _words(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


async def test_keys_are_rotated_while_the_hub_runs_and_fetched_no_more_often_than_needed(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reader(issuer.url) as reading:
        old = issuer.token()
        for _ in range(5):
            await reading.member(old)
        assert issuer.fetches == 1
        issuer.rotate("second")
        assert (await reading.member(issuer.token(kid="second"))).name == "ada"
        assert issuer.fetches == 2
        assert "no key" in await refused(reading, old), "a withdrawn key opens nothing"

        monkeypatch.setattr(jwt_issuer, "RENEWED_SECONDS", 0.0)
        withdrawn = issuer.token(kid="second")
        issuer.rotate("third")

        async def gone() -> bool:
            try:
                await reading.member(withdrawn)
            except CredentialRefused:
                return True
            return False

        await until(gone, seconds=20)


async def test_a_new_key_is_fetched_at_once_and_guesses_at_keys_are_paused(issuer: Issuer) -> None:
    async with reader(issuer.url, pause_seconds=3600) as reading:
        old = issuer.token()
        for kid in ("second", "third"):
            await reading.member(old)
            issuer.rotate(kid)
            old = issuer.token(kid=kid)
        await asyncio.gather(*(reading.member(old) for _ in range(20)))
        for _ in range(3):
            await refused(reading, issuer.token(kid="none", key=issuer.key("third")))
    assert issuer.fetches == 4, "one for each key, and one for all guesses"


async def test_an_issuer_that_is_away_at_the_start_opens_the_hub_once_it_is_there(free_port: int) -> None:
    issuer = Issuer(free_port)
    token = issuer.token()
    async with reader(issuer.url) as reading:
        with pytest.raises(IssuerUnreachable):
            await reading.member(token)
        await issuer.start()
        try:
            assert (await reading.member(token)).name == "ada"
        finally:
            await issuer.stop()
        assert (await reading.member(token)).name == "ada", "the keys are known"
        with pytest.raises(CredentialRefused):
            await reading.member(issuer.token(kid="first", key=rsa.generate_private_key(65537, 2048)))


async def test_an_issuer_that_hangs_holds_nobody_up_for_long(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jwt_issuer, "FETCH_SECONDS", 0.5)
    issuer.answering.clear()
    async with reader(issuer.url) as reading:
        async with asyncio.timeout(30):
            with pytest.raises(IssuerUnreachable):
                await reading.member(issuer.token())
        issuer.answering.set()
        assert (await reading.member(issuer.token())).name == "ada"


async def test_without_keys_the_answer_is_that_nobody_knows(open_hub: Hub, issuer: Issuer) -> None:
    await issuer.stop()
    answer = await open_hub.http.get("/api/me", headers=bearer(issuer.token()))
    problem(answer, 503, "issuer-unreachable")
    assert answer.headers["retry-after"] == "1"
    assert (await open_hub.http.get("/api/me", headers=bearer(OPERATOR))).status_code == 200


async def test_keys_of_another_issuer_are_not_taken(issuer: Issuer) -> None:
    async with reader(issuer.url + "/") as reading:
        with pytest.raises(IssuerUnreachable):
            await reading.member(issuer.token())
