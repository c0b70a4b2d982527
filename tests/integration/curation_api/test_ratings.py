"""Another rating system over HTTP: asked for, looked at, promoted, dropped, pinned."""

from __future__ import annotations

from typing import Any

from integration.curation_api.hub import Hub, problem

from carnival.testing import until


async def computed(hub: Hub, system: str, **chosen: Any) -> dict[str, Any]:
    answer = await hub.http.post("/api/rescorings", json={"system": system, "settings": chosen})
    assert answer.status_code in {201, 202}, answer.text

    async def done() -> dict[str, Any]:
        found = await hub.get(f"/api/rescorings/{answer.json()['id']}", **{"at-least": answer.json()["position"]})
        return found if found["state"] == "finished" else {}

    return await until(done, 30, "the rescoring")


async def promoted(hub: Hub, rescoring: dict[str, Any]) -> None:
    answer = await hub.http.post(f"/api/rescorings/{rescoring['rescoring_id']}/promote")
    assert answer.status_code in {200, 202}, answer.text
    await hub.settle(answer.json()["position"])


async def test_a_rescoring_is_compared_and_its_promotion_is_seen_on_the_page(hub: Hub) -> None:
    run = await hub.run()
    one, two, three = [await hub.image(run) for _ in range(3)]
    for left, right in ((one, two), (two, three), (one, three)):
        assert (await hub.vote(left, right)).status_code in {201, 202}
    assert (await hub.get("/api/ratings"))["system"] == "elo"
    found = await computed(hub, "weng-lin")
    assert found["votes"] == 3
    assert found["comparison"]["agreements"][0]["candidates"] == 3
    before = (await hub.get(f"/api/candidates/{one}"))["rating"]
    await promoted(hub, found)
    assert (await hub.get("/api/ratings"))["rescoring_id"] == found["rescoring_id"]
    assert (await hub.get(f"/api/candidates/{one}"))["rating"] != before
    page = await hub.get("/api/rescorings")
    assert [entry["in_force"] for entry in page["items"]] == [True]
    again = await hub.http.post(f"/api/rescorings/{found['rescoring_id']}/promote")
    assert again.json()["changed"] is False
    problem(await hub.http.post(f"/api/rescorings/{found['rescoring_id']}/drop"), 409, "rescoring-settled")


async def test_a_pinned_run_keeps_its_system_over_a_promotion(hub: Hub) -> None:
    run = await hub.run(rating={"system": "elo", "settings": {"k": 10}})
    one, two = [await hub.image(run) for _ in range(2)]
    await hub.settle((await hub.vote(one, two)).json()["position"])
    assert (await hub.get(f"/api/candidates/{one}"))["rating"] == 1005
    await promoted(hub, await computed(hub, "elo", k=24))
    assert (await hub.get(f"/api/candidates/{one}"))["rating"] == 1005
    freed = await hub.http.patch(f"/api/runs/{run}", json={"follows_promoted": True})
    await hub.settle(freed.json()["position"])
    assert (await hub.get(f"/api/candidates/{one}"))["rating"] == 1012
    assert (await hub.get(f"/api/runs/{run}"))["rating"] is None


async def test_what_is_no_system_or_no_rescoring_is_refused(hub: Hub) -> None:
    for body in (
        {"system": "chess"},
        {"system": "elo", "settings": {"k": -1}},
        {"system": "elo", "settings": {"K": 1}},
    ):
        problem(await hub.http.post("/api/rescorings", json=body), 409, "bad-rating-system")
    problem(await hub.http.get("/api/rescorings/nothing"), 404, "rescoring-unknown")
    problem(await hub.http.post("/api/rescorings/nothing/promote"), 404, "rescoring-unknown")
    dropped = await computed(hub, "elo")
    answer = await hub.http.post(f"/api/rescorings/{dropped['rescoring_id']}/drop")
    await hub.settle(answer.json()["position"])
    problem(await hub.http.post(f"/api/rescorings/{dropped['rescoring_id']}/promote"), 409, "rescoring-settled")
    assert await hub.get("/api/work") == []
