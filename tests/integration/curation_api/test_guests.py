"""Guests: a link, blind votes that are kept apart, and their merging (issue: who may)."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from integration.curation_api.hub import KEY, Hub, problem, running_hub
from integration.curation_api.test_access import bearer, issued, lines

from carnival.contracts.ids import CandidateId, RunId
from carnival.testing import until
from curation_api.domain.access.principals import Anyone, Guests


async def invited(hub: Hub, run_id: RunId, **fields: Any) -> dict[str, Any]:
    answer = await hub.http.post("/api/guest-links", json={"run_id": run_id, "label": "friends", **fields})
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()


def secret_of(link: dict[str, Any]) -> str:
    return link["url"].split("#link=")[1]


@asynccontextmanager
async def guest(hub: Hub, link: dict[str, Any]) -> AsyncGenerator[tuple[httpx.AsyncClient, str]]:
    """A program that came by the link, and the guest's name."""
    async with httpx.AsyncClient(base_url=hub.http.base_url) as http:
        entered = (await http.post("/api/guest-passes", json={"link": secret_of(link)})).json()
        http.cookies.clear()
        http.headers["Authorization"] = f"Bearer {entered['guest_pass']}"
        yield http, entered["name"]


async def vote(http: httpx.AsyncClient, left: str, right: str, outcome: str = "left") -> dict[str, Any]:
    answer = await http.post("/api/guest/votes", json={"left_id": left, "right_id": right, "outcome": outcome})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def column(hub: Hub, images: int = 3) -> tuple[RunId, Sequence[CandidateId]]:
    run_id = await hub.run()
    return run_id, [await hub.image(run_id) for _ in range(images)]


async def standings(hub: Hub, images: Sequence[str]) -> list[tuple[int, int]]:
    found = [await hub.get(f"/api/candidates/{image}") for image in images]
    return [(one["rating"], one["votes"]) for one in found]


async def test_guests_vote_blindly_and_their_votes_move_nothing_until_they_are_merged(closed_hub: Hub) -> None:
    run_id, (a, b, c) = await column(closed_hub)
    link = await invited(closed_hub, run_id)
    async with guest(closed_hub, link) as (one, name), guest(closed_hub, link) as (other, other_name):
        assert name != other_name
        assert name.startswith("guest:")
        pair = (await one.get("/api/guest/pair")).json()["pair"]
        assert set(pair) == {"step_name", "left", "right", "open_pairs"}
        assert set(pair["left"]) == {"candidate_id", "width", "height", "image"}
        known = f"{pair['left']['candidate_id']}:{pair['right']['candidate_id']}"
        ahead = (await one.get("/api/guest/pair", params={"skip": known})).json()["pair"]
        assert {ahead["left"]["candidate_id"], ahead["right"]["candidate_id"]} != set(known.split(":"))
        made = await vote(one, a, b)
        assert set(made["result"]) == {"vote_id", "left_id", "right_id", "outcome", "retracted"}
        await vote(other, c, a)
        duplicate = {"left_id": b, "right_id": a, "outcome": "left"}
        problem(await one.post("/api/guest/votes", json=duplicate), 409, "vote-duplicate")
    assert await standings(closed_hub, (a, b, c)) == [(1000, 0)] * 3
    figures = (await closed_hub.get(f"/api/runs/{run_id}/guests"))["guests"]
    assert {(one["voter"], one["guest_link"], one["votes"], one["merged"]) for one in figures} == {
        (name, link["id"], 1, 0),
        (other_name, link["id"], 1, 0),
    }
    seen = (await closed_hub.get(f"/api/votes?run_id={run_id}"))["items"]
    assert [(one["voter"], one["guest_link"], one["merged"]) for one in seen] == [
        (other_name, link["id"], False),
        (name, link["id"], False),
    ]

    merge, separate = f"/api/runs/{run_id}/guests/merge", f"/api/runs/{run_id}/guests/separate"
    assert (await closed_hub.http.post(merge, json={"guest": name})).json()["changed"]
    assert await standings(closed_hub, (a, b, c)) == [(1016, 1), (984, 1), (1000, 0)]
    assert (await closed_hub.http.post(merge, json={"link_id": link["id"]})).json()["changed"]
    assert await standings(closed_hub, (a, b, c)) == [(999, 2), (984, 1), (1017, 1)]
    again = (await closed_hub.http.post(merge, json={})).json()
    assert (again["changed"], [one["merged"] for one in again["result"]["guests"]]) == (False, [1, 1])
    assert (await closed_hub.http.post(separate, json={"guest": name})).json()["changed"]
    assert await standings(closed_hub, (a, b, c)) == [(984, 1), (1000, 0), (1016, 1)]
    problem(await closed_hub.http.post("/api/runs/none/guests/merge", json={}), 404, "run-unknown")


async def test_a_guest_takes_its_own_vote_back_merged_or_not_and_no_other(closed_hub: Hub) -> None:
    run_id, (a, b, _) = await column(closed_hub)
    link = await invited(closed_hub, run_id)
    own = await closed_hub.http.post("/api/votes", json={"left_id": a, "right_id": b, "outcome": "right"})
    async with guest(closed_hub, link) as (http, name):
        made = await vote(http, a, b)
        assert (await http.delete(f"/api/guest/votes/{made['id']}")).json()["result"]["retracted"]
        merged = await vote(http, b, a)
        await closed_hub.http.post(f"/api/runs/{run_id}/guests/merge", json={"guest": name})
        assert await standings(closed_hub, (a, b)) == [(969, 2), (1031, 2)]
        problem(await http.delete(f"/api/guest/votes/{own.json()['id']}"), 403, "other-voter")
        assert (await http.delete(f"/api/guest/votes/{merged['id']}")).status_code == 200
    assert await standings(closed_hub, (a, b)) == [(984, 1), (1016, 1)]


async def test_a_guest_sees_pairs_and_pictures_of_its_run_and_nothing_else(closed_hub: Hub) -> None:
    run_id, (a, _, _) = await column(closed_hub)
    _, (elsewhere, *more) = await column(closed_hub)
    async with guest(closed_hub, await invited(closed_hub, run_id)) as (http, _):
        picture = await http.get(f"/api/guest/images/{a}")
        assert picture.status_code == 200
        assert picture.headers["content-disposition"] == f'inline; filename="{a}"'
        problem(await http.get(f"/api/guest/images/{elsewhere}"), 404, "candidate-unknown")
        foreign = {"left_id": elsewhere, "right_id": more[0], "outcome": "left"}
        problem(await http.post("/api/guest/votes", json=foreign), 404, "candidate-unknown")
        named = {"Carnival-Actor": "ada"}
        problem(await http.post("/api/guest/votes", json=foreign, headers=named), 403, "acting-for-others")
        for least, method, template in lines():
            if least in {Anyone.ANYONE, Guests.GUEST}:
                continue
            path = template.translate({ord("{"): None, ord("}"): None})
            problem(await http.request(method, path), 403, "not-for-guests")


async def test_members_never_vote_under_a_guests_name(closed_hub: Hub) -> None:
    _, (a, b, _) = await column(closed_hub)
    body = {"left_id": a, "right_id": b, "outcome": "left", "voter": "guest:5f2a"}
    problem(await closed_hub.http.post("/api/votes", json=body), 409, "bad-text")


async def test_a_browser_keeps_its_guest_as_a_cookie_and_other_sites_cannot_use_it(closed_hub: Hub) -> None:
    run_id, (a, b, _) = await column(closed_hub)
    link = {"link": secret_of(await invited(closed_hub, run_id))}
    async with httpx.AsyncClient(base_url=closed_hub.http.base_url) as http:
        entered = await http.post("/api/guest-passes", json=link)
        assert "HttpOnly" in entered.headers["set-cookie"]
        assert "SameSite=strict" in entered.headers["set-cookie"]
        again = await http.post("/api/guest-passes", json=link)
        assert again.json()["name"] == entered.json()["name"]
        body = {"left_id": a, "right_id": b, "outcome": "tie"}
        foreign = await http.post("/api/guest/votes", json=body, headers={"Sec-Fetch-Site": "cross-site"})
        problem(foreign, 403, "cross-site")
        problem(await http.get("/api/runs"), 401, "unauthenticated")
        assert (await http.post("/api/guest/votes", json=body)).status_code == 201


async def test_a_link_ends_when_it_is_revoked_or_expires_on_every_replica(
    closed_hub: Hub, nats_url: str, postgres_url: str, tmp_path: Path
) -> None:
    run_id, _ = await column(closed_hub)
    link = await invited(closed_hub, run_id)
    brief = await invited(closed_hub, run_id, expires_at=(datetime.now(UTC) + timedelta(seconds=8)).isoformat())
    replica = running_hub(nats_url, postgres_url, tmp_path, api_auth="token", service_key=KEY, projects=False)
    async with guest(closed_hub, brief) as (late, _), replica as other, guest(closed_hub, link) as (http, _):
        headers = {"Authorization": http.headers["Authorization"]}
        assert (await other.http.get("/api/guest/me", headers=headers)).status_code == 200
        curator = bearer((await issued(closed_hub, "curator"))["token"])
        gone = await closed_hub.http.delete(f"/api/guest-links/{link['id']}", headers=curator)
        assert (gone.json()["changed"], gone.json()["result"]["state"]) == (True, "revoked")
        problem(await http.get("/api/guest/pair"), 401, "credential-refused")

        async def refused() -> bool:
            return (await other.http.get("/api/guest/me", headers=headers)).status_code == 401

        async def over() -> bool:
            return (await late.get("/api/guest/me")).status_code == 401

        await until(refused, seconds=20)
        await until(over, seconds=20)
    wrong = await closed_hub.http.post("/api/guest-passes", json={"link": secret_of(link)})
    problem(wrong, 410, "guest-link-ended")
    problem(await closed_hub.http.post("/api/guest-passes", json={"link": "tl_guessed"}), 404, "guest-link-unknown")
    problem(await closed_hub.http.delete("/api/guest-links/none"), 404, "guest-link-unknown")
    assert {one["state"] for one in await closed_hub.get("/api/guest-links")} == {"revoked", "expired"}
    past = {"run_id": run_id, "expires_at": "2020-01-01T00:00:00Z"}
    problem(await closed_hub.http.post("/api/guest-links", json=past), 409, "expiry-past")
    problem(await closed_hub.http.post("/api/guest-links", json={"run_id": "none"}), 404, "run-unknown")


async def test_a_link_made_again_with_the_same_key_is_the_same_and_the_log_holds_no_secret(closed_hub: Hub) -> None:
    run_id, _ = await column(closed_hub)
    body, key = {"run_id": run_id, "expires_at": "2999-01-01T00:00:00Z"}, {"Idempotency-Key": "once"}
    first, again = [await closed_hub.http.post("/api/guest-links", json=body, headers=key) for _ in range(2)]
    assert first.json()["url"] == again.json()["url"]
    assert secret_of(first.json()) not in (await closed_hub.http.get("/api/events")).text


async def test_the_export_leaves_unmerged_votes_out_or_says_whose_they_are(closed_hub: Hub) -> None:
    run_id, (a, b, c) = await column(closed_hub)
    await closed_hub.http.post("/api/votes", json={"left_id": a, "right_id": b, "outcome": "left"})
    async with guest(closed_hub, await invited(closed_hub, run_id)) as (http, name):
        await vote(http, a, c)

    async def exported(query: str = "") -> list[tuple[str, str, int]]:
        text = (await closed_hub.http.get(f"/api/exports/preferences?run_id={run_id}{query}")).text
        rows = [json.loads(line) for line in text.splitlines()]
        return [(row["user_id"], row["voter_kind"], row["num_example_per_prompt"]) for row in rows]

    assert await exported() == [("operator", "member", 1)]
    assert await exported("&guests=true") == [("operator", "member", 2), (name, "guest", 2)]
    await closed_hub.http.post(f"/api/runs/{run_id}/guests/merge", json={})
    assert await exported() == [("operator", "member", 2), (name, "guest", 2)]


async def test_guests_come_by_links_where_authentication_is_off_as_well(hub: Hub) -> None:
    run_id, (a, b, _) = await column(hub)
    problem(await hub.http.get("/api/guest/me"), 401, "unauthenticated")
    async with guest(hub, await invited(hub, run_id)) as (http, name):
        await vote(http, a, b)
        assert (await http.get("/api/guest/me")).json()["name"] == name


async def test_a_fork_takes_guests_votes_along_if_they_are_merged_and_keeps_them_so(closed_hub: Hub) -> None:
    run_id, images = await column(closed_hub)
    a, b, c = images
    link = await invited(closed_hub, run_id)
    async with guest(closed_hub, link) as (one, name), guest(closed_hub, link) as (other, _):
        await vote(one, a, b)
        await vote(other, b, c)
    assert (await closed_hub.http.post(f"/api/runs/{run_id}/guests/merge", json={"guest": name})).json()["changed"]
    await closed_hub.settle(moment := await closed_hub.log.end())
    then = await standings(closed_hub, images)
    answer = await closed_hub.http.post(f"/api/runs/{run_id}/fork", json={"position": moment})
    await closed_hub.settle(answer.json()["position"])
    fork = answer.json()["id"]
    adopted = (await closed_hub.get(f"/api/runs/{fork}/candidates", limit=200))["items"]
    mine = [image["candidate_id"] for image in sorted(adopted, key=lambda image: image["position"])]
    assert await standings(closed_hub, mine) == then == [(1016, 1), (984, 1), (1000, 0)]
    assert (await closed_hub.http.post(f"/api/runs/{run_id}/guests/separate", json={})).json()["changed"]
    await closed_hub.settle(await closed_hub.log.end())
    assert await standings(closed_hub, images) == [(1000, 0)] * 3
    assert await standings(closed_hub, mine) == then
