"""Galleries, decision records and stories of images over HTTP (GAL, SEL, RAF-5)."""

from __future__ import annotations

import json
from datetime import timedelta

from integration.curation_api.hub import Hub, problem

from carnival.contracts.job import Competitor, Decision, SelectionMode
from carnival.testing import examples


async def test_a_gallery_shows_the_highest_step_with_live_images_best_first(hub: Hub) -> None:
    run_id = await hub.run()
    place = f"/api/runs/{run_id}/gallery"
    assert (await hub.get(place))["step"] == 3
    a, b = await hub.image(run_id), await hub.image(run_id)
    await hub.vote(a, b, "right")
    found = await hub.get(place)
    assert (found["step"], [one["candidate_id"] for one in found["items"]]) == (1, [b, a])
    child = await hub.image(run_id, a, 2)
    found = await hub.get(place)
    assert (found["step"], [one["candidate_id"] for one in found["items"]]) == (2, [child])
    assert [(step["name"], step["live"]) for step in found["steps"]] == [("Base", 2), ("Face Fix", 1), ("Upscale", 0)]
    assert len((await hub.get(place, step=1, limit=1))["items"]) == 1
    problem(await hub.http.get("/api/runs/none/gallery"), 404, "run-unknown")


async def test_a_gallery_is_filtered_by_variables_and_time(hub: Hub) -> None:
    noir = await hub.image(await hub.run(variables={"style": "noir", "steps": 30}))
    pop = await hub.image(await hub.run(variables={"style": "pop", "steps": "30"}))

    async def shown(**query: object) -> set[str]:
        return {one["candidate_id"] for one in (await hub.get("/api/candidates", **query))["items"]}

    assert await shown(variables=json.dumps({"style": "noir"})) == {noir}
    assert await shown(variables=json.dumps({"steps": "30"})) == {pop}
    assert await shown(variables="{}") == {noir, pop}
    noon = examples.NOON
    assert await shown(created_from=noon.isoformat()) == {noir, pop}
    assert await shown(created_before=noon.isoformat()) == set()
    assert await shown(created_from=(noon + timedelta(seconds=1)).isoformat()) == set()
    for bad in ("style", "[1]", '{"a": "\\u0000"}'):
        problem(await hub.http.get("/api/candidates", params={"variables": bad}), 409, "bad-text")


async def test_a_decision_is_explained_by_job_by_number_and_by_image(hub: Hub) -> None:
    run_id = await hub.run()
    a, b = await hub.image(run_id), await hub.image(run_id)
    decision = Decision(
        mode=SelectionMode.CHILD_GENERATION,
        policy="round_robin",
        competitors_total=2,
        tickets_total=2000,
        competitors=(Competitor(candidate_id=a, tickets=1000), Competitor(candidate_id=b, tickets=1000)),
        draw=1200,
        read_position=examples.Position(5),
    )
    request = examples.job_requested(9, b, run_id=run_id, job_id="jx", step_order=2, decision=decision)
    await hub.settle(await hub.append(request, "selector"))
    found = await hub.get("/api/jobs/jx/decision")
    assert (found["winner"]["candidate_id"], found["winner"]["first"], found["draw"]) == (b, 1000, 1200)
    assert (found["step_name"], found["competitors"][0]["missed_by"]) == ("Face Fix", 201)
    assert found["would_change"][1] == "A draw outside of 1000 to 1999; it was 1200."
    assert await hub.get(f"/api/runs/{run_id}/jobs/9/decision") == found
    of_image = await hub.get(f"/api/candidates/{a}/decision")
    assert (of_image["candidate_id"], of_image["mode"], of_image["competitors"]) == (a, "base_generation", [])
    problem(await hub.http.get("/api/jobs/none/decision"), 404, "job-unknown")
    problem(await hub.http.get(f"/api/runs/{run_id}/jobs/99/decision"), 404, "job-unknown")
    problem(await hub.http.get("/api/candidates/none/decision"), 404, "candidate-unknown")


async def test_the_log_of_a_run_is_filtered_searched_and_read_one_by_one(hub: Hub) -> None:
    run_id, other = await hub.run(), await hub.run(name="Beach")
    a, b = await hub.image(run_id), await hub.image(run_id)
    await hub.image(other)
    vote = (await hub.vote(a, b)).json()
    place = f"/api/runs/{run_id}/events"

    async def types(path: str, **query: object) -> list[str]:
        return [entry["type"] for entry in (await hub.get(path, **query))["items"]]

    made = ["JobRequested", "ImageProduced"]
    assert await types(place) == ["RunStarted", *made, *made, "VoteCast"]
    assert await types(place, type=["VoteCast", "ImageProduced"]) == ["ImageProduced", "ImageProduced", "VoteCast"]
    assert await types(place, text="GYM shoot") == ["RunStarted"]
    assert await types("/api/events", type="RunStarted") == ["RunStarted", "RunStarted"]
    assert await types(f"/api/candidates/{a}/events") == [*made, "VoteCast"]
    job_id = (await hub.get(f"/api/candidates/{b}"))["job_id"]
    assert await types(f"/api/jobs/{job_id}/events") == made
    first = await hub.get(place, text=a, limit=1)
    rest = await hub.get(place, text=a, limit=1, cursor=first["next"])
    assert [entry["type"] for entry in first["items"] + rest["items"]] == ["ImageProduced", "VoteCast"]
    assert rest["next"] is None
    assert await types(f"/api/candidates/{a}/events", text=b) == ["VoteCast"]
    one = await hub.get(f"/api/events/{vote['position']}")
    assert (one["type"], one["event"]["vote_id"]) == ("VoteCast", vote["id"])
    problem(await hub.http.get("/api/events/999999"), 404, "event-unknown")
    problem(await hub.http.get(place, params={"type": "Nonsense"}), 422, "invalid-request")
    problem(await hub.http.get("/api/runs/none/events"), 404, "run-unknown")
    problem(await hub.http.get("/api/candidates/none/events"), 404, "candidate-unknown")
    problem(await hub.http.get("/api/jobs/none/events"), 404, "job-unknown")


async def test_children_and_votes_of_an_image_are_listed(hub: Hub) -> None:
    run_id = await hub.run()
    a, b, c = [await hub.image(run_id) for _ in range(3)]
    children = [await hub.image(run_id, a, 2) for _ in range(3)]
    first = await hub.get(f"/api/candidates/{a}/children", limit=2)
    rest = await hub.get(f"/api/candidates/{a}/children", limit=2, cursor=first["next"])
    assert [one["candidate_id"] for one in first["items"] + rest["items"]] == children
    problem(await hub.http.get("/api/candidates/none/children"), 404, "candidate-unknown")
    mine = [(await hub.vote(*pair)).json()["id"] for pair in ((a, b), (c, a))]
    await hub.vote(b, c)
    votes = await hub.get("/api/votes", candidate_id=a)
    assert [vote["vote_id"] for vote in votes["items"]] == mine[::-1]
