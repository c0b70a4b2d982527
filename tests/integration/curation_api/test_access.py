"""Who may do what: the role table, tokens, roles, acting for others (issue: who may)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from integration.curation_api.hub import KEY, OPERATOR, Hub, problem, running_hub

from carnival.contracts.access import Role, TokenIssued
from carnival.testing import examples, until
from curation_api.adapters.http.roles import ROLES, RoleTable
from curation_api.domain.access.principals import Anyone, Guests, Least
from curation_api.domain.access.tokens import digest_of_secret


async def issued(hub: Hub, role: str, name: str = "ada", **fields: Any) -> dict[str, Any]:
    answer = await hub.http.post("/api/tokens", json={"name": name, "role": role, **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def routes_of(app: FastAPI) -> set[str]:
    """Every route there is as `METHOD /path/{template}`; HEAD belongs to GET."""
    found: set[str] = set()
    for route in iter_route_contexts(app.routes):
        assert route.path is not None, f"a route that the role table cannot name: {route}"
        methods = route.methods or {"*"}
        found |= {f"{method} {route.path}" for method in methods - {"HEAD"}}
    return found


def lines() -> Iterator[tuple[Least, str, str]]:
    for least, named in ROLES.items():
        for line in sorted(named):
            method, path = line.split(" ")
            yield least, method, path


async def test_every_route_stands_in_the_role_table_and_nothing_else_does(hub: Hub) -> None:
    assert routes_of(hub.app) == {f"{method} {path}" for _, method, path in lines()}


async def test_a_route_that_was_forgotten_in_the_table_does_not_answer(hub: Hub) -> None:
    hub.app.add_api_route("/api/forgotten", lambda: "open", methods=["GET"])
    hub.app.add_api_route("/api/runs", lambda: "open", methods=["PURGE"])
    problem(await hub.http.get("/api/forgotten"), 404, "route-unknown")
    problem(await hub.http.request("PURGE", "/api/runs"), 405, "method-not-allowed")


async def test_every_route_refuses_whoever_has_no_token_or_too_low_a_role(closed_hub: Hub) -> None:
    tokens = {role: (await issued(closed_hub, role))["token"] for role in Role}
    async with httpx.AsyncClient(base_url=closed_hub.http.base_url) as http:
        for least, method, template in lines():
            path = template.translate({ord("{"): None, ord("}"): None})
            for role, token in tokens.items():
                if least is Anyone.ANYONE:
                    continue
                if least is Guests.GUEST:
                    problem(await http.request(method, path, headers=bearer(token)), 403, "guests-only")
                    continue
                lower = list(Role).index(role) < list(Role).index(least)
                if lower:
                    found = problem(await http.request(method, path, headers=bearer(token)), 403, "role-too-low")
                    assert (found["needed_role"], found["role"]) == (least, role)
            if least is not Anyone.ANYONE:
                without = await http.request(method, path)
                problem(without, 401, "unauthenticated")
                assert without.headers["www-authenticate"] == "Bearer"


async def test_a_role_may_do_what_it_is_for(closed_hub: Hub) -> None:
    viewer, voter, curator = [(await issued(closed_hub, role, role))["token"] for role in tuple(Role)[:3]]
    run_id = await closed_hub.run()
    a, b = await closed_hub.image(run_id), await closed_hub.image(run_id)
    http = closed_hub.http
    assert (await http.get(f"/api/runs/{run_id}", headers=bearer(viewer))).status_code == 200
    vote = {"left_id": a, "right_id": b, "outcome": "left"}
    assert (await http.post("/api/votes", json=vote, headers=bearer(voter))).json()["result"]["voter"] == "voter"
    assert (await http.post(f"/api/candidates/{a}/reject", headers=bearer(curator))).status_code == 200
    assert (await http.get("/api/me", headers=bearer(curator))).json()["role"] == "curator"


@pytest.mark.parametrize("given", ["Bearer", "Bearer tc_nobody", "Basic YTpi", "tc_alone", "Bearer a.b.c"])
async def test_a_credential_that_opens_nothing_is_refused_even_with_a_session(closed_hub: Hub, given: str) -> None:
    answer = await closed_hub.http.get("/api/runs", headers={"Authorization": given})
    problem(answer, 401, "credential-refused")
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


async def test_a_token_is_shown_once_and_kept_as_a_hash_only(closed_hub: Hub) -> None:
    made = await issued(closed_hub, "voter")
    listed = await closed_hub.get("/api/tokens")
    assert (listed[0]["token_id"], listed[0]["name"], listed[0]["state"]) == (made["id"], "ada", "active")
    events = await closed_hub.http.get("/api/events")
    assert made["token"].startswith("tc_")
    assert made["token"] not in events.text
    assert digest_of_secret(made["token"]) in events.text


async def test_what_access_events_say_is_for_operators(closed_hub: Hub) -> None:
    viewer = (await issued(closed_hub, "viewer"))["token"]
    seen = (await closed_hub.http.get("/api/events", headers=bearer(viewer))).json()["items"]
    exported = (await closed_hub.http.get("/api/exports/events", headers=bearer(viewer))).text.splitlines()
    for found in (seen, [json.loads(line) for line in exported]):
        assert {entry["type"]: entry["event"] for entry in found} == {"TokenIssued": None}


async def test_a_token_issued_again_with_the_same_key_is_the_same_token(closed_hub: Hub) -> None:
    body = {"name": "ada", "role": "voter"}
    first, again = [
        await closed_hub.http.post("/api/tokens", json=body, headers={"Idempotency-Key": "once"}) for _ in range(2)
    ]
    assert first.json()["token"] == again.json()["token"]
    assert len(await closed_hub.get("/api/tokens")) == 2


async def test_a_revoked_token_opens_nothing_on_any_replica_and_ends_its_streams(
    closed_hub: Hub, nats_url: str, postgres_url: str, tmp_path: Path
) -> None:
    made = await issued(closed_hub, "viewer")
    replica = running_hub(nats_url, postgres_url, tmp_path, api_auth="token", service_key=KEY, projects=False)
    async with replica as other, other.http.stream("GET", "/api/changes", headers=bearer(made["token"])) as stream:
        assert stream.status_code == 200
        assert (await closed_hub.http.delete(f"/api/tokens/{made['id']}")).json()["changed"]
        assert not (await closed_hub.http.delete(f"/api/tokens/{made['id']}")).json()["changed"]

        async def refused() -> bool:
            return (await other.http.get("/api/runs", headers=bearer(made["token"]))).status_code == 401

        await until(refused, seconds=10)
        problem(await closed_hub.http.get("/api/runs", headers=bearer(made["token"])), 401, "credential-refused")
        await closed_hub.pipeline()
        async with asyncio.timeout(20):
            rest = "".join([line async for line in stream.aiter_lines()])
    assert "PipelineDefined" not in rest
    problem(await closed_hub.http.delete("/api/tokens/none"), 404, "token-unknown")


async def short_lived(hub: Hub) -> str:
    """A token that ends a few seconds after it was made, or a little later where making it takes that long."""
    for seconds in (4, 20, 60):
        soon = datetime.now(UTC) + timedelta(seconds=seconds)
        body = {"name": "ada", "role": "viewer", "expires_at": soon.isoformat()}
        answer = await hub.http.post("/api/tokens", json=body)
        if answer.status_code == 201:
            return str(answer.json()["token"])
    raise AssertionError(answer.text)


async def test_an_expired_token_opens_nothing(closed_hub: Hub) -> None:
    token = await short_lived(closed_hub)

    async def over() -> bool:
        return (await closed_hub.http.get("/api/runs", headers=bearer(token))).status_code == 401

    await until(over, seconds=120)
    past = {"name": "ada", "role": "viewer", "expires_at": "2020-01-01T00:00:00Z"}
    problem(await closed_hub.http.post("/api/tokens", json=past), 409, "expiry-past")
    problem(await closed_hub.http.post("/api/tokens", json={"name": "guest:x", "role": "voter"}), 409, "bad-text")


async def test_only_operators_act_for_others(closed_hub: Hub) -> None:
    voter = bearer((await issued(closed_hub, "voter", "ada"))["token"])
    run_id = await closed_hub.run()
    a, b = await closed_hub.image(run_id), await closed_hub.image(run_id)
    vote = {"left_id": a, "right_id": b, "outcome": "left"}
    http = closed_hub.http
    problem(await http.post("/api/votes", json=vote | {"voter": "bob"}, headers=voter), 403, "acting-for-others")
    named = voter | {"Carnival-Actor": "bob"}
    problem(await http.post("/api/votes", json=vote, headers=named), 403, "acting-for-others")
    problem(await http.get(f"/api/runs/{run_id}/next-pair?voter=bob", headers=voter), 403, "acting-for-others")
    own = await http.post("/api/votes", json=vote | {"voter": "ada"}, headers=voter)
    assert own.json()["result"]["voter"] == "ada"
    for_bob = await http.post("/api/votes", json=vote | {"voter": "bob"})
    assert for_bob.json()["result"]["voter"] == "bob"
    problem(await http.delete(f"/api/votes/{for_bob.json()['id']}", headers=voter), 403, "other-voter")
    assert (await http.delete(f"/api/votes/{own.json()['id']}", headers=voter)).status_code == 200


async def test_the_token_of_the_settings_is_issued_once_and_stays_revoked(
    closed_hub: Hub, nats_url: str, postgres_url: str, tmp_path: Path
) -> None:
    [token] = await closed_hub.get("/api/tokens")
    assert (token["name"], token["role"]) == ("operator", "operator")
    await closed_hub.http.delete(f"/api/tokens/{token['token_id']}")
    async with running_hub(
        nats_url, postgres_url, tmp_path, api_auth="token", operator_token=OPERATOR, service_key=KEY, projects=False
    ) as again:
        problem(await again.http.get("/api/runs", headers=bearer(OPERATOR)), 401, "credential-refused")


async def test_a_token_in_the_log_opens_the_hub_from_its_first_request_on(
    closed_hub: Hub, nats_url: str, postgres_url: str, tmp_path: Path
) -> None:
    secret = "tc_" + "s" * 43
    await closed_hub.append(examples.token_issued(secret_sha256=digest_of_secret(secret)), "curation-api")
    async with running_hub(nats_url, postgres_url, tmp_path, api_auth="token", projects=False) as fresh:
        assert (await fresh.http.get("/api/me", headers=bearer(secret))).json()["name"] == "ada"


async def test_the_documentation_says_which_role_is_asked_for(hub: Hub) -> None:
    schema = await hub.get("/openapi.json")
    table = RoleTable()
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            least = table.least(method.upper(), path)
            assert operation["x-least-role"] == least
            assert bool(operation["security"]) is (least is not Anyone.ANYONE)
            assert ({"401", "403"} <= set(operation["responses"])) is (least is not Anyone.ANYONE)


def test_the_log_never_holds_a_secret() -> None:
    assert set(TokenIssued.model_fields) == {"token_id", "name", "role", "secret_sha256", "expires_at"}
