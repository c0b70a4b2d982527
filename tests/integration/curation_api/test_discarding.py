"""Originals that are given up (DISC): by command and by policy, across a restart, never those of live images."""

from __future__ import annotations

from pathlib import Path

from integration.curation_api.hub import Hub, problem, running_hub

from carnival.contracts.candidate import CandidateRestored, ImagesDiscarded
from carnival.contracts.ids import CandidateId, RunId
from carnival.testing import until
from curation_api.domain.thumbnail import SIZES, place_of_thumbnail

ALL = {"everything": True}


async def place_of(hub: Hub, image: CandidateId) -> str:
    return str((await hub.get(f"/api/candidates/{image}"))["place"])


async def gone(hub: Hub, *images: CandidateId) -> None:
    """Waits until the originals have left the store; their thumbnails are there."""
    for image in images:
        view = await hub.get(f"/api/candidates/{image}")
        assert view["discarded"]

        async def deleted(place: str = view["place"]) -> bool:
            return not await hub.images.exists(place)

        await until(deleted, seconds=30, what=f"{view['place']} to be deleted")
        for size in SIZES:
            assert await hub.images.exists(place_of_thumbnail(view["sha256"], size))


async def killed_branch(hub: Hub, run_id: RunId) -> tuple[CandidateId, CandidateId]:
    """A rejected base image and its dead child."""
    base = await hub.image(run_id)
    child = await hub.image(run_id, base, 2)
    answer = await hub.http.post(f"/api/candidates/{base}/reject")
    await hub.settle(answer.json()["position"])
    return base, child


async def test_what_is_rejected_or_dead_leaves_the_store_and_the_rest_stays(hub: Hub) -> None:
    run_id = await hub.run()
    live, (base, child) = await hub.image(run_id), await killed_branch(hub, run_id)
    answer = await hub.http.post(f"/api/runs/{run_id}/discard-images", json=ALL, headers={"Idempotency-Key": "once"})
    assert answer.status_code == 200, answer.text
    result = answer.json()["result"]
    assert (answer.json()["changed"], result["discarded_images"], result["remaining"]) == (True, 2, 0)
    assert result["discarded_bytes"] > 0
    await gone(hub, base, child)
    assert await hub.images.exists(await place_of(hub, live))
    problem(await hub.http.get(f"/api/candidates/{child}/image"), 404, "image-discarded")
    assert (await hub.http.get(f"/api/candidates/{child}/thumbnail")).status_code == 200
    again = await hub.http.post(f"/api/runs/{run_id}/discard-images", json=ALL, headers={"Idempotency-Key": "once"})
    assert (again.json()["replayed"], again.json()["position"]) == (True, answer.json()["position"])
    assert not (await hub.http.post(f"/api/runs/{run_id}/discard-images", json=ALL)).json()["changed"]


async def test_named_images_are_discarded_and_a_live_one_is_refused(hub: Hub) -> None:
    run_id, other = await hub.run(), await hub.run()
    live, (base, child) = await hub.image(run_id), await killed_branch(hub, run_id)
    path = f"/api/runs/{run_id}/discard-images"
    found = problem(await hub.http.post(path, json={"candidate_ids": [base, live]}), 409, "candidate-live")
    assert found["candidate_ids"] == [live]
    problem(await hub.http.post(path, json={"candidate_ids": ["none"]}), 404, "candidate-unknown")
    for unsaid in (
        None,
        {},
        {"candidate_ids": []},
        {"everything": False},
        {"everything": True, "candidate_ids": [child]},
    ):
        problem(await hub.http.post(path, json=unsaid), 422, "invalid-request")
    problem(await hub.http.post("/api/runs/none/discard-images", json=ALL), 404, "run-unknown")
    elsewhere = await hub.http.post(f"/api/runs/{other}/discard-images", json={"candidate_ids": [base]})
    problem(elsewhere, 409, "candidate-elsewhere")
    answer = await hub.http.post(path, json={"candidate_ids": [child]})
    assert (answer.json()["result"]["discarded_images"], answer.json()["result"]["remaining"]) == (1, 1)
    await gone(hub, child)
    assert await hub.images.exists(await place_of(hub, base))


async def test_an_image_restored_before_the_event_keeps_its_file(hub: Hub) -> None:
    run_id = await hub.run()
    base, child = await killed_branch(hub, run_id)
    await hub.append(CandidateRestored(run_id=run_id, candidate_id=base), "curation-api")
    event = ImagesDiscarded(run_id=run_id, candidate_ids=(base, child))
    await hub.settle(await hub.append(event, "curation-api"))
    other, _ = await killed_branch(hub, run_id)
    await hub.http.post(f"/api/runs/{run_id}/discard-images", json=ALL)
    await gone(hub, other)
    for image in (base, child):
        assert await hub.images.exists(await place_of(hub, image))
        assert (await hub.http.get(f"/api/candidates/{image}/image")).status_code == 200


async def test_what_is_down_for_long_enough_is_discarded_by_itself_after_a_restart(
    nats_url: str, postgres_url: str, tmp_path: Path
) -> None:
    async with running_hub(nats_url, postgres_url, tmp_path, discard_after_days=30) as hub:
        run_id = await hub.run()
        live, (base, child) = await hub.image(run_id), await killed_branch(hub, run_id)
        assert not (await hub.get(f"/api/candidates/{base}"))["discarded"]
    async with running_hub(nats_url, postgres_url, tmp_path, discard_after_days=1e-9) as hub:

        async def discarded() -> bool:
            return bool((await hub.get(f"/api/candidates/{child}"))["discarded"])

        await until(discarded, seconds=30, what="the policy to discard")
        await gone(hub, base, child)
        assert await hub.images.exists(await place_of(hub, live))
        events = await hub.get("/api/events", run_id=run_id, limit=100)
        assert [one["actor"] for one in events["items"] if one["type"] == "ImagesDiscarded"] == ["discard-policy"]
