"""Figures of work and money over HTTP (DASH, MON, RUN-7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from integration.curation_api.hub import Hub, problem

from carnival.contracts.envelope import Event
from carnival.contracts.ids import JobId, RunId
from carnival.testing import examples


async def job(hub: Hub, run_id: RunId, number: int, *, fails: bool) -> None:
    """A job of now, unlike those of the hub, which all happen at one moment of the past."""
    about: dict[str, Any] = {"run_id": run_id, "job_id": JobId(f"{run_id[:8]}-now-{number}")}
    await append(hub, examples.job_requested(number, **about), "selector")
    if fails:
        await append(hub, examples.job_failed(number, **about, gpu_seconds=2.5), "comfy-gateway")


async def append(hub: Hub, event: Event, source: str) -> None:
    meta = examples.meta(source, time=datetime.now(UTC))
    await hub.settle((await hub.log.append(event, meta)).position)


async def test_a_run_shows_its_funnel_its_servers_its_failures_and_what_a_final_costs(hub: Hub) -> None:
    run_id = await hub.run()
    base = await hub.image(run_id)
    await hub.image(run_id)
    face = await hub.image(run_id, base, 2)
    await hub.image(run_id, face, 3)
    await job(hub, run_id, 9, fails=True)
    found = await hub.get(f"/api/runs/{run_id}/analytics", hours=100, gpu_hour_cost=3600)
    steps = {step["order"]: step for step in found["steps"]}
    assert [(order, steps[order]["live"], steps[order]["conversion"]) for order in (1, 2, 3)] == [
        (1, 2, 0.5),
        (2, 1, 1.0),
        (3, 1, None),
    ]
    totals = found["totals"]
    assert (totals["images"], totals["finals"]) == (4, 1)
    assert [(one["failure_class"], one["count"], one["gpu_seconds"]) for one in found["failures"]] == [
        ("content", 1, 2.5)
    ]
    assert [(one["node"], one["failed"]) for one in found["servers"]] == [("n1", 1)]
    assert (steps[1]["failed"], found["hours"][-1]["failed"] + found["hours"][-2]["failed"]) == (1, 1)
    assert totals["gpu_seconds_per_final"] == totals["gpu_seconds"] == totals["cost"] == totals["cost_per_final"] > 0
    whole = await hub.get("/api/analytics", hours=100)
    assert (whole["totals"]["images"], whole["totals"]["cost"]) == (4, None)
    assert whole["servers"] == found["servers"]
    problem(await hub.http.get("/api/runs/nothing/analytics"), 404, "run-unknown")
    problem(await hub.http.get("/api/analytics", params={"hours": 100_000}), 422, "invalid-request")


async def test_the_time_series_has_every_hour_once_and_the_present_one_last(hub: Hub) -> None:
    found = await hub.get("/api/analytics", hours=5)
    hours = [datetime.fromisoformat(one["hour"]) for one in found["hours"]]
    assert hours[0] == datetime.fromisoformat(found["since"])
    assert [later - earlier for earlier, later in pairwise(hours)] == [timedelta(hours=1)] * 4


async def test_ratings_show_their_spread_and_voters_how_far_they_agree(hub: Hub) -> None:
    run_id = await hub.run()
    one, two, three = [await hub.image(run_id) for _ in range(3)]
    for voter, left, right, outcome in (
        ("ada", one, two, "left"),
        ("bob", two, one, "right"),
        ("eve", one, two, "tie"),
        ("ada", one, three, "left"),
    ):
        await hub.settle((await hub.vote(left, right, outcome, voter=voter)).json()["position"])
    found = await hub.get(f"/api/runs/{run_id}/analytics")
    spread = found["steps"][0]["ratings"]
    ratings = sorted([(await hub.get(f"/api/candidates/{each}"))["rating"] for each in (one, two, three)])
    assert [spread["lowest"], spread["median"], spread["highest"]] == ratings
    assert spread["lower_quartile"] == (ratings[0] + ratings[1]) / 2
    assert found["steps"][1]["ratings"] is None
    assert found["agreement"] == {"pairs": 1, "share": 0.3333}
    assert {each["voter"]: each["agreement"] for each in found["voters"]} == {"ada": 0.5, "bob": 0.5, "eve": 0.0}


async def test_dash_1_the_dashboard_shows_active_runs_and_what_waits_for_a_person(hub: Hub) -> None:
    pipeline_id = await hub.pipeline()
    gated = await hub.run(pipeline_id, name="Gated", profile="gated")
    await hub.image(gated)
    full = await hub.run(pipeline_id, name="Full", ceilings={"images": 1})
    await hub.image(full)
    paused = await hub.run(pipeline_id, name="Paused")
    await hub.http.post(f"/api/runs/{paused}/pause", json={"reason": "lunch"})
    ended = await hub.run(pipeline_id, name="Ended")
    done = (await hub.http.post(f"/api/runs/{ended}/complete")).json()
    await job(hub, paused, 9, fails=True)
    found = await hub.get("/api/dashboard", gpu_hour_cost=3600, **{"at-least": done["position"]})
    assert [run["name"] for run in found["runs"]] == ["Paused", "Full", "Gated"]
    assert [(one["run_name"], one["cause"], one["step_order"], one["detail"]) for one in found["waiting"]] == [
        ("Paused", "run_paused", None, "lunch"),
        ("Full", "ceiling", None, "images_reached"),
        ("Gated", "gate", 1, "1 live images to choose from"),
    ]
    assert (found["active_runs"], found["open_jobs"]) == (3, 0)
    assert (found["recent"]["failed"], found["recent"]["cost"], found["totals"]["images"]) == (1, 2.5, 2)
    assert found["capacity"] == {"servers": 0, "slots": 0, "busy": 0}


async def test_run_7_images_under_way_count_towards_the_ceiling_and_raising_it_lets_the_run_go_on(hub: Hub) -> None:
    run_id = await hub.run(ceilings={"images": 2})
    await hub.image(run_id)
    assert (await hub.get(f"/api/runs/{run_id}"))["halted_by"] == []
    await job(hub, run_id, 9, fails=False)
    assert (await hub.get(f"/api/runs/{run_id}"))["halted_by"] == ["images_reached"]
    raised = await hub.http.patch(f"/api/runs/{run_id}", json={"ceilings": {"images": 3}})
    assert raised.json()["result"]["halted_by"] == []
