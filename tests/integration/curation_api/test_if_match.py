"""Conditional requests: a command with If-Match is carried out on what its sender has seen, or not at all."""

from __future__ import annotations

import asyncio

import httpx
from integration.curation_api.hub import STEPS, Hub, problem


async def tag_of(hub: Hub, path: str) -> str:
    answer = await hub.http.get(path)
    tag = answer.headers["etag"]
    assert tag.startswith('"'), "a strong tag"
    assert (await hub.http.get(path, headers={"If-None-Match": tag})).status_code == 304
    return tag


async def patch(hub: Hub, run_id: str, n: int, tag: str, **headers: str) -> httpx.Response:
    return await hub.http.patch(f"/api/runs/{run_id}", json={"n": n}, headers={"If-Match": tag, **headers})


async def test_a_run_is_changed_as_it_was_seen_or_not_at_all(hub: Hub) -> None:
    run_id = await hub.run()
    seen = await tag_of(hub, f"/api/runs/{run_id}")
    changed = await patch(hub, run_id, 3, seen)
    assert changed.status_code == 200, changed.text
    assert changed.headers["etag"] == await tag_of(hub, f"/api/runs/{run_id}") != seen
    late = problem(await patch(hub, run_id, 4, seen), 412, "changed-since")
    assert f'"{late["version"]}.' in changed.headers["etag"]
    for tags in (f'"x", {changed.headers["etag"]}', "*"):
        assert (await patch(hub, run_id, 5, tags)).status_code == 200
        changed = await hub.http.get(f"/api/runs/{run_id}")
    problem(await patch(hub, run_id, 6, f"W/{changed.headers['etag']}"), 412, "changed-since")
    problem(await patch(hub, "none", 6, '"r1"'), 404, "run-unknown")
    assert (await hub.get(f"/api/runs/{run_id}"))["n"] == 5


async def test_of_several_who_saw_the_same_one_changes_it(hub: Hub) -> None:
    run_id = await hub.run()
    seen = await tag_of(hub, f"/api/runs/{run_id}")
    answers = await asyncio.gather(*(patch(hub, run_id, n, seen) for n in range(6, 12)))
    assert sorted(answer.status_code for answer in answers) == [200, *[412] * 5]


async def test_every_command_about_one_run_heeds_what_was_seen(hub: Hub) -> None:
    run_id = await hub.run(profile="gated")
    image = await hub.image(run_id)
    place, old = f"/api/runs/{run_id}", {"If-Match": '"r1"'}
    for method, path, body in (
        ("POST", "/pause", None),
        ("POST", "/resume", None),
        ("POST", "/complete", None),
        ("POST", "/steps/1/approve", {"k": 1}),
        ("POST", "/steps/1/resume", None),
        ("PUT", "/winner", {"candidate_id": image}),
        ("DELETE", "/winner", None),
    ):
        problem(await hub.http.request(method, place + path, json=body, headers=old), 412, "changed-since")


async def test_an_image_is_killed_as_it_was_seen(hub: Hub) -> None:
    run_id = await hub.run()
    a, b = await hub.image(run_id), await hub.image(run_id)
    seen = await tag_of(hub, f"/api/candidates/{a}")
    await hub.vote(a, b)
    problem(await hub.http.post(f"/api/candidates/{a}/reject", headers={"If-Match": seen}), 412, "changed-since")
    fresh = await tag_of(hub, f"/api/candidates/{a}")
    killed = await hub.http.post(f"/api/candidates/{a}/reject", headers={"If-Match": fresh})
    assert killed.status_code == 200
    assert killed.headers["etag"] == await tag_of(hub, f"/api/candidates/{a}")
    problem(await hub.http.post(f"/api/candidates/{a}/restore", headers={"If-Match": fresh}), 412, "changed-since")


async def test_the_next_version_follows_the_one_that_was_seen(hub: Hub) -> None:
    pipeline_id = await hub.pipeline()
    place, body = f"/api/pipelines/{pipeline_id}", {"name": "Portrait", "steps": STEPS}
    seen = {"If-Match": await tag_of(hub, place)}
    second = await hub.http.post(f"{place}/versions", json=body, headers=seen)
    assert (second.status_code, second.headers["etag"]) == (201, await tag_of(hub, place))
    problem(await hub.http.post(f"{place}/versions", json=body, headers=seen), 412, "changed-since")


async def test_with_a_key_the_first_answer_stands_whatever_the_tag(hub: Hub) -> None:
    run_id = await hub.run()
    seen = await tag_of(hub, f"/api/runs/{run_id}")
    key = {"Idempotency-Key": "k1"}
    assert (await patch(hub, run_id, 3, seen, **key)).status_code == 200
    assert (await patch(hub, run_id, 3, seen, **key)).json()["replayed"]
    late = {"Idempotency-Key": "k2"}
    for tag in (seen, "*"):
        problem(await patch(hub, run_id, 4, tag, **late), 412, "changed-since")
