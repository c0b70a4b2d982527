"""A new run from a moment of another one."""

from __future__ import annotations

from typing import Any

from integration.curation_api.hub import Hub, problem

from carnival.contracts.ids import RunId
from carnival.testing import until

SAME = ("step_order", "rating", "votes", "both_bad", "state", "depth", "job_number", "place", "seed", "failures")


async def forked(hub: Hub, run: str, **body: Any) -> dict[str, Any]:
    answer = await hub.http.post(f"/api/runs/{run}/fork", json=body)
    assert answer.status_code in {201, 202}, answer.text
    await hub.settle(answer.json()["position"])
    return await hub.get(f"/api/runs/{answer.json()['id']}")


async def images(hub: Hub, run: str) -> list[dict[str, Any]]:
    items = (await hub.get(f"/api/runs/{run}/candidates", limit=200))["items"]
    return sorted(items, key=lambda one: one["position"])


async def test_a_fork_begins_as_the_run_was_and_goes_its_own_way(hub: Hub) -> None:
    run = await hub.run(n=4, t=7)
    one, two, three = [await hub.image(run) for _ in range(3)]
    for left, right, outcome in ((one, two, "left"), (two, three, "tie"), (one, three, "both_bad")):
        await hub.vote(left, right, outcome)
    child = await hub.image(run, one, 2)
    final = await hub.image(run, child, 3)
    await hub.http.put(f"/api/runs/{run}/winner", json={"candidate_id": final})
    await hub.http.post(f"/api/candidates/{three}/reject", json={"note": "hands"})
    moment = await hub.log.end()
    await hub.settle(moment)
    then = await images(hub, run)
    await hub.vote(one, two, "right", voter="bob")
    await hub.image(run, two, 2)

    fork = await forked(hub, run, position=moment, n=2, prompt="a pier")
    assert fork["origin"] == {"run_id": run, "position": moment}
    assert (fork["name"], fork["n"], fork["t"]) == (f"Gym Shoot, from {moment}", 2, 7)
    assert (fork["prompt"], fork["variables"]["prompt"]) == ("a pier", "a pier")
    assert (fork["live"], fork["rejected"], fork["finals"], fork["images"], fork["votes"]) == (4, 1, 1, 0, 3)
    now = await images(hub, fork["run_id"])
    assert [{name: image[name] for name in SAME} for image in now] == [
        {name: image[name] for name in SAME} for image in then
    ]
    assert [image["source_id"] for image in now] == [image["candidate_id"] for image in then]
    assert fork["winner_id"] == now[-1]["candidate_id"]
    assert (await hub.http.get(f"/api/candidates/{now[0]['candidate_id']}/image")).status_code == 200
    assert (await hub.http.get(f"/api/runs/{run}")).json()["votes"] == 4

    mine = await hub.image(RunId(fork["run_id"]), now[1]["candidate_id"], 2)
    await hub.vote(now[0]["candidate_id"], now[1]["candidate_id"], "right", voter="bob")
    await hub.settle(await hub.log.end())
    assert (await hub.get(f"/api/candidates/{mine}"))["parent_id"] == now[1]["candidate_id"]
    again = await forked(hub, fork["run_id"], position=await hub.log.end())
    assert (again["live"], again["votes"]) == (5, 4)
    at_first = await hub.get(f"/api/runs/{fork['run_id']}/at", position=fork["last_position"])
    assert [node["rating"] for node in at_first["tree"]] == [image["rating"] for image in then]


async def test_a_fork_sent_again_is_one_fork(hub: Hub) -> None:
    run = await hub.run()
    await hub.image(run)
    body, key = {"position": await hub.log.end()}, {"Idempotency-Key": "fork-once"}
    first = await hub.http.post(f"/api/runs/{run}/fork", json=body, headers=key)
    await hub.settle(first.json()["position"])
    second = await hub.http.post(f"/api/runs/{run}/fork", json=body, headers=key)
    assert (second.json()["id"], second.json()["replayed"]) == (first.json()["id"], True)
    assert len((await hub.get("/api/runs"))["items"]) == 2


async def test_a_shared_file_stays_until_no_run_shows_it(hub: Hub) -> None:
    run = await hub.run()
    image = await hub.image(run)
    place = (await hub.get(f"/api/candidates/{image}"))["place"]
    fork = await forked(hub, run, position=await hub.log.end())
    [copy] = await images(hub, fork["run_id"])
    await _discarded(hub, run, image)
    marker = await hub.run()
    other = await hub.image(marker)
    await _discarded(hub, marker, other)
    gone = hub.file((await hub.get(f"/api/candidates/{other}"))["place"])
    await until(lambda: not gone.exists(), 30, "the worker to come behind both discards")
    assert hub.file(place).exists()
    assert (await hub.http.get(f"/api/candidates/{copy['candidate_id']}/image")).status_code == 200
    await _discarded(hub, fork["run_id"], copy["candidate_id"])
    await until(lambda: not hub.file(place).exists(), 30, "the last one to give it up")


async def test_what_cannot_be_forked_is_named(hub: Hub) -> None:
    run = await hub.run()
    fork = f"/api/runs/{run}/fork"
    end = await hub.log.end()
    problem(await hub.http.post(fork, json={"position": end + 9}), 409, "bad-moment")
    problem(await hub.http.post(fork, json={}), 409, "bad-moment")
    problem(await hub.http.post("/api/runs/nobody/fork", json={"position": end}), 404, "run-unknown")
    problem(await hub.http.post(fork, json={"position": 1}), 404, "run-not-begun")
    problem(await hub.http.post(fork, json={"position": end, "n": 0}), 422, "invalid-request")
    bad = {"position": end, "rating": {"system": "nonsense"}}
    problem(await hub.http.post(fork, json=bad), 409, "bad-rating-system")


async def _discarded(hub: Hub, run: str, image: str) -> None:
    await hub.settle((await hub.http.post(f"/api/candidates/{image}/reject", json={})).json()["position"])
    answer = await hub.http.post(f"/api/runs/{run}/discard-images", json={"candidate_ids": [image]})
    assert answer.status_code in {200, 201, 202}, answer.text
    await hub.settle(answer.json()["position"])
