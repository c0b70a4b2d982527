"""The kill-left walk over HTTP (KILL-2 to KILL-7)."""

from __future__ import annotations

from typing import Any

from integration.curation_api.hub import Hub, problem


async def tree(hub: Hub) -> dict[str, str]:
    """Two bases; three levels below the first one."""
    run_id = await hub.run()
    base, other = await hub.image(run_id), await hub.image(run_id)
    child = await hub.image(run_id, base, 2)
    sibling = await hub.image(run_id, base, 2)
    final = await hub.image(run_id, child, 3)
    return {"run": run_id, "base": base, "other": other, "child": child, "sibling": sibling, "final": final}


async def start(hub: Hub, candidate_id: str) -> dict[str, Any]:
    answer = await hub.http.post("/api/kill-walks", json={"candidate_id": candidate_id, "voter": "ada"})
    assert answer.status_code == 201, answer.text
    return answer.json()["result"]


async def say(hub: Hub, walk: dict[str, Any], answer: str, **fields: Any) -> dict[str, Any]:
    body = {"parent_id": walk["parent_id"], "answer": answer, "voter": "ada", **fields}
    answered = await hub.http.post(f"/api/kill-walks/{walk['walk_id']}/answers", json=body)
    assert answered.status_code == 200, answered.text
    return answered.json()["result"]


async def states(hub: Hub, found: dict[str, str]) -> dict[str, str]:
    nodes = {node["candidate_id"]: node["state"] for node in (await hub.get(f"/api/runs/{found['run']}/tree"))["items"]}
    return {name: nodes[one] for name, one in found.items() if name != "run"}


async def test_a_walk_goes_from_the_killed_image_to_the_base_and_is_undone_at_once(hub: Hub) -> None:
    found = await tree(hub)
    walk = await start(hub, found["final"])
    assert (walk["parent_id"], walk["pair"]["right"]["candidate_id"]) == (found["child"], found["sibling"])
    assert [(crumb["step_name"], crumb["killed_here"], crumb["shown"]) for crumb in walk["path"]] == [
        ("Base", False, False),
        ("Face Fix", False, True),
        ("Upscale", True, False),
    ]
    assert walk["preview"]["live"] == 1
    assert walk["answers"] == ["only_this", "parent_too", "further_left"]

    walk = await say(hub, walk, "parent_too", note="the face was wrong before")
    assert (walk["parent_id"], walk["killed"]) == (found["base"], [found["final"], found["child"]])
    assert walk["preview"]["live"] == 2

    walk = await say(hub, walk, "parent_too")
    assert (walk["pair"], walk["end"], walk["branch"]["dead"]) == (None, "no_parent", 1)
    assert await states(hub, found) == {
        "base": "rejected",
        "other": "live",
        "child": "rejected",
        "sibling": "dead",
        "final": "rejected",
    }

    undone = await hub.http.delete(f"/api/kill-walks/{walk['walk_id']}")
    assert (undone.status_code, undone.json()["changed"]) == (200, 3)
    assert set((await states(hub, found)).values()) == {"live"}
    again = await hub.http.delete(f"/api/kill-walks/{walk['walk_id']}")
    assert (again.status_code, again.json()["changed"]) == (200, 0)
    assert (await hub.get(f"/api/kill-walks/{walk['walk_id']}"))["end"] == "undone"


async def test_only_this_ends_a_walk_and_further_left_spares_the_parent(hub: Hub) -> None:
    found = await tree(hub)
    walk = await start(hub, found["final"])
    ended = await say(hub, walk, "only_this")
    assert (ended["end"], ended["pair"], ended["killed"]) == ("only_this", None, [found["final"]])
    walk = await say(hub, walk, "further_left")
    assert (walk["parent_id"], walk["killed"]) == (found["base"], [found["final"]])
    assert walk["pair"]["right"]["candidate_id"] == found["other"]
    walk = await say(hub, walk, "parent_too")
    assert (await states(hub, found))["child"] == "dead"
    await hub.http.delete(f"/api/kill-walks/{walk['walk_id']}")
    assert set((await states(hub, found)).values()) == {"live"}


async def test_a_walk_is_told_by_the_log_alone(hub: Hub) -> None:
    found = await tree(hub)
    walk = await start(hub, found["final"])
    assert await hub.get(f"/api/kill-walks/{walk['walk_id']}", voter="ada") == walk
    at_child = await hub.get(f"/api/kill-walks/{walk['walk_id']}", voter="ada", at=found["child"])
    assert at_child["parent_id"] == found["base"]


async def test_a_start_sent_again_with_its_key_is_one_walk(hub: Hub) -> None:
    found = await tree(hub)
    body, headers = {"candidate_id": found["final"]}, {"Idempotency-Key": "w"}
    first = await hub.http.post("/api/kill-walks", json=body, headers=headers)
    again = await hub.http.post("/api/kill-walks", json=body, headers=headers)
    assert (first.json()["id"], again.json()["replayed"]) == (again.json()["id"], True)


async def test_what_makes_no_sense_is_refused(hub: Hub) -> None:
    found = await tree(hub)
    walk = await start(hub, found["final"])
    problem(await hub.http.post("/api/kill-walks", json={"candidate_id": "none"}), 404, "candidate-unknown")
    problem(await hub.http.post("/api/kill-walks", json={"candidate_id": found["final"]}), 409, "already-rejected")
    problem(await hub.http.get("/api/kill-walks/none"), 404, "kill-walk-unknown")
    problem(await hub.http.delete("/api/kill-walks/none"), 404, "kill-walk-unknown")
    place = f"/api/kill-walks/{walk['walk_id']}"
    problem(await hub.http.get(place, params={"at": found["other"]}), 409, "candidate-elsewhere")
    body = {"parent_id": found["other"], "answer": "parent_too"}
    problem(await hub.http.post(f"{place}/answers", json=body), 409, "candidate-elsewhere")
    assert (await states(hub, found))["other"] == "live"
