"""One command about many things over HTTP: all or none."""

from __future__ import annotations

from integration.curation_api.hub import Hub, problem


async def test_many_images_are_killed_and_restored_at_once(hub: Hub) -> None:
    run_id = await hub.run()
    images = [await hub.image(run_id) for _ in range(4)]
    await hub.http.post(f"/api/candidates/{images[0]}/reject")
    body = {"candidate_ids": [*images[:3], images[0]], "note": "blurred"}
    answer = await hub.http.post("/api/candidates/reject", json=body, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 200, answer.text
    assert [(item["id"], item["changed"]) for item in answer.json()["items"]] == [
        (images[0], False),
        (images[1], True),
        (images[2], True),
    ]
    again = await hub.http.post("/api/candidates/reject", json=body, headers={"Idempotency-Key": "k"})
    assert (again.json()["items"], again.json()["replayed"]) == (answer.json()["items"], True)
    rejected = await hub.get(f"/api/runs/{run_id}/candidates", status="rejected")
    assert {found["reject_note"] for found in rejected["items"]} == {"", "blurred"}
    restored = await hub.http.post("/api/candidates/restore", json={"candidate_ids": images})
    assert restored.json()["changed"] == 3
    assert (await hub.get(f"/api/runs/{run_id}"))["live"] == 4


async def test_one_unknown_image_stops_the_whole_command(hub: Hub) -> None:
    run_id = await hub.run()
    image = await hub.image(run_id)
    for path in ("/api/candidates/reject", "/api/candidates/restore"):
        found = problem(await hub.http.post(path, json={"candidate_ids": [image, "none"]}), 404, "candidate-unknown")
        assert found["candidate_ids"] == ["none"]
    assert (await hub.get(f"/api/runs/{run_id}"))["live"] == 1
    for ids in ([], ["x"] * 501, ["a b"]):
        problem(await hub.http.post("/api/candidates/reject", json={"candidate_ids": ids}), 422, "invalid-request")


async def test_many_votes_are_taken_back_at_once(hub: Hub) -> None:
    run_id = await hub.run()
    a, b, c = [await hub.image(run_id) for _ in range(3)]
    mine = [(await hub.vote(*pair)).json()["id"] for pair in ((a, b), (b, c))]
    theirs = (await hub.vote(a, b, voter="bob")).json()["id"]
    body = {"vote_ids": [*mine, theirs], "voter": "ada"}
    found = problem(await hub.http.post("/api/votes/retract", json=body), 403, "other-voter")
    assert found["vote_ids"] == [theirs]
    answer = await hub.http.post("/api/votes/retract", json={**body, "vote_ids": mine})
    assert answer.json()["changed"] == 2
    assert (await hub.get(f"/api/runs/{run_id}"))["votes"] == 1
    problem(await hub.http.post("/api/votes/retract", json={"vote_ids": ["none"]}), 404, "vote-unknown")
