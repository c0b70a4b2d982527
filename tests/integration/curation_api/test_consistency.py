"""Read your own writes, keys, verdicts, and what happens while the projector is away."""

from __future__ import annotations

import asyncio

from integration.curation_api.hub import Hub, problem

from carnival.contracts.candidate import CandidateRejected


async def test_a_write_with_a_key_counts_once_however_often_it_is_sent(hub: Hub) -> None:
    pipeline_id = await hub.pipeline()
    body = {"pipeline_id": pipeline_id, "name": "Gym"}
    answers = await asyncio.gather(
        *(hub.http.post("/api/runs", json=body, headers={"Idempotency-Key": "k1"}) for _ in range(5))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum(not answer.json()["replayed"] for answer in answers) == 1
    assert len((await hub.get("/api/runs"))["items"]) == 1
    other = await hub.http.post("/api/runs", json={**body, "name": "Other"}, headers={"Idempotency-Key": "k1"})
    problem(other, 409, "idempotency-key-reused")
    own = {"Idempotency-Key": "k1", "Carnival-Actor": "bob"}
    assert (await hub.http.post("/api/runs", json=body, headers=own)).json()["replayed"] is False


async def test_a_vote_sent_again_with_its_key_is_answered_as_the_first(hub: Hub) -> None:
    run_id = await hub.run()
    a, b = await hub.image(run_id), await hub.image(run_id)
    body = {"left_id": a, "right_id": b, "outcome": "left"}
    key = {"Idempotency-Key": "v1"}
    first = await hub.http.post("/api/votes", json=body, headers=key)
    await hub.http.post(f"/api/candidates/{a}/reject")
    again = await hub.http.post("/api/votes", json=body, headers=key)
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert again.json()["replayed"] is True


async def test_what_the_fold_voids_is_refused_also_when_sent_again(hasty_hub: Hub) -> None:
    hub = hasty_hub
    run_id = await hub.run()
    a, b = await hub.image(run_id), await hub.image(run_id)
    await hub.stop_projector()
    await hub.append(CandidateRejected(run_id=run_id, candidate_id=a), "selector")
    key = {"Idempotency-Key": "v1"}
    body = {"left_id": a, "right_id": b, "outcome": "left"}
    early = await hub.http.post("/api/votes", json=body, headers=key)
    assert (early.status_code, early.json()["projected"], early.json()["result"]) == (202, False, None)
    await hub.start_projector()
    await hub.settle(await hub.log.end())
    found = problem(await hub.http.post("/api/votes", json=body, headers=key), 409, "candidate-not-live")
    assert (found["reason"], found["position"]) == ("not_live", early.json()["position"])
    assert (await hub.get("/api/status"))["void_events"] == 1


async def test_a_read_waits_for_the_position_it_asks_for(hasty_hub: Hub) -> None:
    hub = hasty_hub
    pipeline_id = await hub.pipeline()
    await hub.stop_projector()
    answer = await hub.http.post(f"/api/pipelines/{pipeline_id}/versions", json={"name": "Two"})
    assert answer.status_code == 202
    position = answer.headers["carnival-position"]
    found = problem(await hub.http.get("/api/pipelines", headers={"At-Least": position}), 503, "projection-behind")
    assert found["position"] == int(position) - 1
    await hub.start_projector()
    again = await hub.http.get(f"/api/pipelines/{pipeline_id}", params={"at-least": position})
    assert again.json()["version"] == 2
    assert int(again.headers["carnival-projected"]) >= int(position)


async def test_lost_notices_are_made_up_for_by_the_checkpoint(silent_hub: Hub) -> None:
    run_id = await silent_hub.run()
    answer = await silent_hub.http.post(f"/api/runs/{run_id}/pause")
    assert (answer.status_code, answer.json()["projected"]) == (200, True)


async def test_a_run_is_not_started_on_a_read_model_that_lags(hasty_hub: Hub) -> None:
    hub = hasty_hub
    pipeline_id = await hub.pipeline()
    await hub.run(pipeline_id)
    await hub.stop_projector()
    body = {"pipeline_id": pipeline_id, "name": "Gym Shoot"}
    assert (await hub.http.post("/api/runs", json=body)).status_code == 202
    problem(await hub.http.post("/api/runs", json=body), 503, "projection-behind")
    await hub.start_projector()
    await hub.settle(await hub.log.end())
    assert (await hub.http.post("/api/runs", json=body)).status_code == 201
    assert len({run["run_id"] for run in (await hub.get("/api/runs"))["items"]}) == 3
