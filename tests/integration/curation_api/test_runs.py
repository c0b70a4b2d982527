"""Runs over HTTP (RUN, CLI-2, GATE, WIN)."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

from integration.curation_api.hub import TEMPLATE, Hub, problem, step

from carnival.contracts.run import StepPaused
from carnival.testing import examples


async def test_a_run_is_started_with_defaults_and_read_back(hub: Hub) -> None:
    pipeline_id = await hub.pipeline()
    answer = await hub.http.post(
        "/api/runs",
        json={"pipeline_id": pipeline_id, "name": "Gym Shoot", "prompt": "a gym", "variables": {"x": 10**25}},
    )
    assert answer.status_code == 201
    run = answer.json()["result"]
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    assert (run["folder"], run["n"], run["t"]) == (f"{today}-gym-shoot", 5, 10)
    assert (run["prompt"], run["variables"]) == ("a gym", {"prompt": "a gym", "x": 10**25})
    assert (run["status"], run["profile"], run["halted_by"]) == ("pending", "autonomous", [])
    assert [(column["name"], column["target"]) for column in run["steps"]] == [
        ("Base", None),
        ("Face Fix", None),
        ("Upscale", 10),
    ]
    assert await hub.get(f"/api/runs/{run['run_id']}") == run


async def test_a_run_without_a_name_gets_one(hub: Hub) -> None:
    run = await hub.get(f"/api/runs/{await hub.run(name=None)}")
    assert run["name"].startswith("Portrait 20")


async def test_runs_of_one_name_and_day_get_different_folders_also_at_once(hub: Hub) -> None:
    pipeline_id = await hub.pipeline()
    runs = await asyncio.gather(*(hub.run(pipeline_id) for _ in range(8)))
    folders = {(await hub.get(f"/api/runs/{run}"))["folder"] for run in runs}
    assert len(folders) == 8
    assert all(folder.endswith("-gym-shoot") for folder in folders)


async def test_a_run_keeps_the_version_it_started_with(hub: Hub) -> None:
    pipeline_id = await hub.pipeline()
    run_id = await hub.run(pipeline_id)
    await hub.http.post(f"/api/pipelines/{pipeline_id}/versions", json={"name": "Two", "steps": [step(1, "Only")]})
    assert len((await hub.get(f"/api/runs/{run_id}"))["steps"]) == 3
    newer = await hub.get(f"/api/runs/{await hub.run(pipeline_id)}")
    older = await hub.get(f"/api/runs/{await hub.run(pipeline_id, pipeline_version=1)}")
    assert (newer["pipeline_version"], older["pipeline_version"]) == (2, 1)


BAD_RUNS: list[tuple[dict[str, object], int, str]] = [
    ({"pipeline_id": "none"}, 404, "pipeline-unknown"),
    ({"pipeline_version": 7}, 404, "pipeline-unknown"),
    ({"folder": "../x"}, 409, "bad-folder"),
    ({"folder": "/etc"}, 409, "bad-folder"),
    ({"n": 0}, 422, "invalid-request"),
    ({"t": -1}, 422, "invalid-request"),
    ({"name": "  "}, 409, "bad-text"),
    ({"name": "a\x00b"}, 422, "invalid-request"),
    ({"variables": {"x": ["a\x00b"]}}, 409, "bad-text"),
    ({"variables": {"x": "\ud800"}}, 409, "bad-text"),
    ({"variables": {"x": float("nan")}}, 409, "bad-text"),
    ({"variables": {"seed": "abc"}}, 409, "bad-variable"),
    ({"ceilings": {"deadline": "2026-01-01T00:00:00"}}, 422, "invalid-request"),
    ({"profile": "wild"}, 422, "invalid-request"),
]


async def test_a_bad_run_is_refused_and_creates_nothing(hub: Hub) -> None:
    pipeline_id = await hub.pipeline()
    for fields, status, kind in BAD_RUNS:
        body = json.dumps({"pipeline_id": pipeline_id, "name": "Gym", **fields})
        headers = {"content-type": "application/json"}
        problem(await hub.http.post("/api/runs", content=body, headers=headers), status, kind)
    assert (await hub.get("/api/runs"))["items"] == []


async def test_what_can_never_be_filled_is_said_at_once(hub: Hub) -> None:
    asks = {**TEMPLATE, "text": {"class_type": "Text", "inputs": {"text": "{{prompt}} {{style}}"}}}
    pipeline_id = await hub.pipeline(steps=[step(1, "Base", template=asks, needs_prompt=True)])
    base = {"pipeline_id": pipeline_id, "name": "Gym"}
    found = problem(await hub.http.post("/api/runs", json=base), 409, "missing-variable")
    assert found["variable"] == "prompt"
    found = problem(await hub.http.post("/api/runs", json={**base, "prompt": "x"}), 409, "missing-variable")
    assert found["variable"] == "style"
    await hub.run(pipeline_id, variables={"style": "noir"})


async def test_settings_of_a_run_are_changed(hub: Hub) -> None:
    run_id = await hub.run()
    answer = await hub.http.patch(f"/api/runs/{run_id}", json={"n": 2, "ceilings": {"images": 1}})
    assert answer.status_code == 200
    run = answer.json()["result"]
    assert (run["n"], run["t"], run["ceilings"]["images"]) == (2, 10, 1)
    again = await hub.http.patch(f"/api/runs/{run_id}", json={"n": 2})
    assert (again.status_code, again.json()["changed"]) == (200, False)
    problem(await hub.http.patch(f"/api/runs/{run_id}", json={}), 409, "nothing-to-change")
    await hub.image(run_id)
    assert (await hub.get(f"/api/runs/{run_id}"))["halted_by"] == ["images_reached"]


async def test_policy_and_raffle_are_given_changed_and_kept_by_a_fork(hub: Hub) -> None:
    cold = {"weights": "boltzmann", "temperature": 60.0}
    plain = await hub.get(f"/api/runs/{await hub.run()}")
    assert (plain["policy"], plain["raffle"]["weights"]) == (None, "linear")
    run_id = await hub.run(policy="global", raffle=cold)
    at = (await hub.get(f"/api/runs/{run_id}"))["last_position"]
    changed = (await hub.http.patch(f"/api/runs/{run_id}", json={"policy": "round_robin"})).json()["result"]
    assert (changed["policy"], changed["raffle"]) == ("round_robin", cold)
    fork = (await hub.http.post(f"/api/runs/{run_id}/fork", json={"position": at})).json()["result"]
    assert (fork["policy"], fork["raffle"]) == ("global", cold)
    freezing = {"weights": "boltzmann", "temperature": 0}
    problem(await hub.http.patch(f"/api/runs/{run_id}", json={"raffle": freezing}), 422, "invalid-request")
    problem(await hub.http.post(f"/api/runs/{run_id}/what-if", json={"policy": "global"}), 422, "invalid-request")


async def test_a_run_is_paused_resumed_and_completed_once_each(hub: Hub) -> None:
    run_id = await hub.run()
    paused = await hub.http.post(f"/api/runs/{run_id}/pause", json={"reason": "lunch"})
    assert paused.json()["result"]["halted_by"] == ["paused"]
    assert paused.json()["result"]["pause_reason"] == "lunch"
    assert (await hub.http.post(f"/api/runs/{run_id}/pause")).json()["changed"] is False
    resumed = await hub.http.post(f"/api/runs/{run_id}/resume")
    assert resumed.json()["result"]["paused"] is False
    completed = await hub.http.post(f"/api/runs/{run_id}/complete")
    assert completed.json()["result"]["status"] == "completed"
    assert (await hub.http.post(f"/api/runs/{run_id}/complete")).json()["changed"] is False
    problem(await hub.http.post(f"/api/runs/{run_id}/pause"), 409, "run-completed")
    assert [run["run_id"] for run in (await hub.get("/api/runs", status="completed"))["items"]] == [run_id]
    assert (await hub.get("/api/runs", status="pending"))["items"] == []


async def test_two_completions_at_once_are_both_fine(hub: Hub) -> None:
    run_id = await hub.run()
    answers = await asyncio.gather(*(hub.http.post(f"/api/runs/{run_id}/complete") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}


async def test_unknown_runs_are_not_found(hub: Hub) -> None:
    for method, path, body in [
        ("GET", "", None),
        ("PATCH", "", {"n": 1}),
        ("POST", "/pause", None),
        ("POST", "/steps/1/approve", {"k": 1}),
        ("POST", "/steps/1/resume", None),
        ("GET", "/gates", None),
        ("GET", "/leaders", None),
        ("GET", "/tree", None),
        ("GET", "/candidates", None),
        ("GET", "/jobs", None),
        ("GET", "/next-pair", None),
        ("PUT", "/winner", {"candidate_id": "c"}),
        ("DELETE", "/winner", None),
    ]:
        answer = await hub.http.request(method, f"/api/runs/none{path}", json=body)
        assert answer.status_code == 404, (path, answer.text)


async def test_a_gate_is_previewed_and_opened_once(hub: Hub) -> None:
    run_id = await hub.run(profile="gated", n=3)
    first, second, third = [await hub.image(run_id) for _ in range(3)]
    assert (await hub.vote(second, first)).status_code == 201
    gates = await hub.get(f"/api/runs/{run_id}/gates", k=2)
    assert [gate["step_order"] for gate in gates] == [1, 2]
    assert [found["candidate_id"] for found in gates[0]["candidates"]] == [second, third, first]
    assert [found["advances"] for found in gates[0]["candidates"]] == [True, True, False]
    assert (gates[0]["few_votes"], gates[0]["waiting"], gates[1]["waiting"]) == (3, True, False)
    answer = await hub.http.post(f"/api/runs/{run_id}/steps/1/approve", json={"k": 2})
    assert answer.status_code == 200
    columns = answer.json()["result"]["steps"]
    assert [column["target"] for column in columns] == [3, 6, 0]
    assert columns[0]["complete"] is True
    found = problem(await hub.http.post(f"/api/runs/{run_id}/steps/1/approve", json={"k": 3}), 409, "already-approved")
    assert found["k"] == 2
    problem(await hub.http.post(f"/api/runs/{run_id}/steps/3/approve", json={"k": 1}), 409, "final-step")
    problem(await hub.http.post(f"/api/runs/{run_id}/steps/9/approve", json={"k": 1}), 404, "step-unknown")
    problem(await hub.http.post(f"/api/runs/{run_id}/steps/2/approve", json={"k": 0}), 422, "invalid-request")


async def test_an_autonomous_run_has_no_gates_to_open(hub: Hub) -> None:
    run_id = await hub.run()
    problem(await hub.http.post(f"/api/runs/{run_id}/steps/1/approve", json={"k": 1}), 409, "not-gated")


async def test_a_paused_step_shows_why_and_is_resumed(hub: Hub) -> None:
    run_id = await hub.run()
    await hub.append(examples.job_requested(90, run_id=run_id), "selector")
    await hub.append(examples.job_failed(90, run_id=run_id), "comfy-gateway")
    paused = StepPaused(run_id=run_id, step_order=1, reason="it keeps failing", consecutive_failures=1)
    await hub.settle(await hub.append(paused, "selector"))
    column = (await hub.get(f"/api/runs/{run_id}"))["steps"][0]
    assert (column["paused"], column["pause_reason"]) == (True, "it keeps failing")
    assert column["last_failure"]["message"] == "it broke"
    answer = await hub.http.post(f"/api/runs/{run_id}/steps/1/resume")
    assert answer.json()["result"]["steps"][0]["paused"] is False
    assert (await hub.http.post(f"/api/runs/{run_id}/steps/1/resume")).json()["changed"] is False
    problem(await hub.http.post(f"/api/runs/{run_id}/steps/8/resume"), 404, "step-unknown")


async def test_the_winner_is_marked_moved_and_removed(hub: Hub) -> None:
    run_id, other = await hub.run(), await hub.run()
    first, second, foreign = await hub.image(run_id), await hub.image(run_id), await hub.image(other)
    place = f"/api/runs/{run_id}/winner"
    assert (await hub.http.put(place, json={"candidate_id": first})).json()["result"]["winner_id"] == first
    assert (await hub.http.put(place, json={"candidate_id": first})).json()["changed"] is False
    assert (await hub.http.put(place, json={"candidate_id": second})).json()["result"]["winner_id"] == second
    winners = await hub.get("/api/candidates", status="winner")
    assert [found["candidate_id"] for found in winners["items"]] == [second]
    problem(await hub.http.put(place, json={"candidate_id": foreign}), 409, "candidate-elsewhere")
    problem(await hub.http.put(place, json={"candidate_id": "none"}), 404, "candidate-unknown")
    assert (await hub.http.delete(place)).json()["result"]["winner_id"] is None
    assert (await hub.http.delete(place)).json()["changed"] is False


async def test_leaders_are_the_best_live_finals(hub: Hub) -> None:
    run_id = await hub.run(await hub.pipeline(steps=[step(1, "Only")]))
    images = [await hub.image(run_id) for _ in range(5)]
    await hub.vote(images[4], images[0])
    await hub.http.post(f"/api/candidates/{images[1]}/reject")
    leaders = await hub.get(f"/api/runs/{run_id}/leaders")
    assert [found["candidate_id"] for found in leaders] == [images[4], images[2], images[3]]
    card = (await hub.get("/api/runs"))["items"][0]
    assert card["leaders"] == leaders
    assert (card["live"], card["rejected"], card["finals"], card["votes"]) == (4, 1, 4, 1)


async def test_a_matrix_starts_all_its_runs_or_none_and_once(hub: Hub) -> None:
    body = {
        "pipeline_id": await hub.pipeline(),
        "name": "Pier",
        "prompt": "a pier",
        "matrix": {"style": ["noir", "film"], "cfg": [5, 7.5]},
    }
    answer = await hub.http.post("/api/run-matrices", json=body, headers={"Idempotency-Key": "m"})
    assert answer.status_code == 201, answer.text
    written = answer.json()
    again = (await hub.http.post("/api/run-matrices", json=body, headers={"Idempotency-Key": "m"})).json()
    assert (again["replayed"], again["items"], again["matrix_id"]) == (True, written["items"], written["matrix_id"])
    shown = await hub.get(f"/api/run-matrices/{written['matrix_id']}")
    assert [run["run_id"] for run in shown["runs"]] == [item["id"] for item in written["items"]]
    assert [run["cell"]["values"] for run in shown["runs"]][:2] == [
        {"style": "noir", "cfg": 5},
        {"style": "noir", "cfg": 7.5},
    ]
    folders = {(await hub.get(f"/api/runs/{run['run_id']}"))["folder"] for run in shown["runs"]}
    assert len(folders) == 4
    too_many = await hub.http.post("/api/run-matrices", json={**body, "matrix": {"seed": list(range(101))}})
    problem(too_many, 422, "invalid-request")
    wrong = await hub.http.post("/api/run-matrices", json={**body, "matrix": {"seed": [1, -1]}})
    problem(wrong, 409, "bad-variable")
    assert len((await hub.get("/api/runs"))["items"]) == 4
    problem(await hub.http.get("/api/run-matrices/nothing"), 404, "matrix-unknown")
