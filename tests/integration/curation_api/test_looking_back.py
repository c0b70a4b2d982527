"""The time machine over HTTP: what the live answers said at a position is what is said about it later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from integration.curation_api.hub import Hub, problem

from carnival.contracts.ids import JobId, RunId
from carnival.contracts.run import StepPaused
from carnival.testing import examples

OF_NOW = {"seconds_left"}
"""An estimate with the servers that are there now."""


async def seen(hub: Hub, run: RunId) -> dict[str, Any]:
    """What the live answers say of a run now, and at which position."""
    position = await hub.log.end()
    await hub.settle(position)
    open_jobs = [
        job
        for state in ("pending", "submitted")
        for job in (await hub.get(f"/api/runs/{run}/jobs", state=state))["items"]
    ]
    return {
        "position": position,
        "run": await hub.get(f"/api/runs/{run}"),
        "tree": (await hub.get(f"/api/runs/{run}/tree"))["items"],
        "jobs": sorted(open_jobs, key=lambda job: job["number"]),
    }


async def lived(hub: Hub, run: RunId) -> list[dict[str, Any]]:
    """A run with votes, a kill, a job under way and a marked winner, looked at on the way."""
    moments = [await seen(hub, run)]
    bases = [await hub.image(run) for _ in range(3)]
    moments.append(await seen(hub, run))
    for left, right, outcome in ((0, 1, "left"), (1, 2, "tie"), (0, 2, "both_bad")):
        assert (await hub.vote(bases[left], bases[right], outcome)).status_code in {201, 202}
        moments.append(await seen(hub, run))
    child = await hub.image(run, bases[0], 2)
    final = await hub.image(run, child, 3)
    moments.append(await seen(hub, run))
    await hub.http.put(f"/api/runs/{run}/winner", json={"candidate_id": final})
    await hub.http.patch(f"/api/runs/{run}", json={"n": 2, "name": "Later", "ceilings": {"images": 9}})
    moments.append(await seen(hub, run))
    job = examples.job_requested(90, bases[1], run_id=run, job_id=JobId(f"{run[:8]}-open"), step_order=2)
    await hub.append(job, "selector")
    await hub.append(examples.job_submitted(90, run_id=run, job_id=job.job_id), "comfy-gateway")
    await hub.append(StepPaused(run_id=run, step_order=3, reason="five failures", consecutive_failures=5), "selector")
    moments.append(await seen(hub, run))
    await hub.http.post(f"/api/candidates/{bases[0]}/reject", json={"note": "six fingers"})
    moments.append(await seen(hub, run))
    return moments


async def test_a_run_at_a_position_is_what_it_was(hub: Hub) -> None:
    run, other = await hub.run(), await hub.run()
    await hub.image(other)
    moments = await lived(hub, run)
    await hub.http.post(f"/api/runs/{run}/complete")
    for then in (*moments, *reversed(moments)):
        found = await hub.get(f"/api/runs/{run}/at", position=then["position"])
        assert found["tree"] == then["tree"]
        assert found["jobs"] == then["jobs"]
        assert {name: value for name, value in then["run"].items() if name not in OF_NOW} == {
            name: found[name] for name in then["run"] if name not in OF_NOW
        }
        assert found["position"] == then["position"]
        pages = await _pages(hub, f"/api/runs/{run}/at/tree", position=then["position"], limit=2)
        assert pages == then["tree"]
    entry = await hub.get(f"/api/events/{moments[-1]['position']}")
    assert (await hub.get(f"/api/runs/{run}/at", position=moments[-1]["position"]))["time"] == entry["time"]


async def test_a_time_means_what_had_happened_by_then(hub: Hub) -> None:
    run = await hub.run()
    before = await hub.log.end()
    first = (await hub.http.patch(f"/api/runs/{run}", json={"n": 2})).json()["position"]
    second = (await hub.http.patch(f"/api/runs/{run}", json={"n": 3})).json()["position"]
    times = {position: (await hub.get(f"/api/events/{position}"))["time"] for position in (before, first, second)}
    for position, time in times.items():
        assert (await hub.get(f"/api/runs/{run}/at", time=time))["position"] == position
    just_before = datetime.fromisoformat(times[second]) - timedelta(microseconds=1)
    found = await hub.get(f"/api/runs/{run}/at", time=just_before.isoformat())
    assert (found["position"], found["n"]) == (first, 2)


async def test_moments_that_cannot_be_looked_at_are_named(hub: Hub) -> None:
    earlier = await hub.log.end()
    run = await hub.run()
    end = await hub.log.end()
    at = f"/api/runs/{run}/at"
    ahead = problem(await hub.http.get(at, params={"position": end + 1}), 409, "bad-moment")
    assert ahead["position"] == end
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    problem(await hub.http.get(at, params={"time": tomorrow}), 409, "bad-moment")
    problem(await hub.http.get(at), 409, "bad-moment")
    problem(await hub.http.get(at, params={"position": end, "time": tomorrow}), 409, "bad-moment")
    problem(await hub.http.get(at, params={"position": earlier}), 404, "run-not-begun")
    problem(await hub.http.get(at, params={"time": "2001-01-01T00:00:00Z"}), 404, "run-not-begun")
    problem(await hub.http.get(at, params={"position": -1}), 422, "invalid-request")
    problem(await hub.http.get("/api/runs/nobody/at", params={"position": end}), 404, "run-unknown")


async def _pages(hub: Hub, path: str, **query: Any) -> list[dict[str, Any]]:
    items, cursor = list[dict[str, Any]](), {}
    while True:
        page = await hub.get(path, **query, **cursor)
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = {"cursor": page["next"]}
