"""How far jobs are, what they look like so far, and how long a run still takes."""

from __future__ import annotations

from datetime import timedelta

from integration.curation_api.hub import Hub, png, problem

from carnival.contracts.ids import JobId, RunId
from carnival.contracts.job import JobSubmitted
from carnival.contracts.notices import JobProgress, NodePresence, NodeState
from carnival.contracts.subjects import PRESENCE_BUCKET, PREVIEW_BUCKET, PROGRESS
from carnival.testing import examples, until
from curation_api.wiring.outside import now


async def submitted(hub: Hub, run_id: RunId, number: int = 1) -> JobId:
    """A job at a server."""
    job = examples.job_requested(number, run_id=run_id, job_id=JobId(f"{run_id[:8]}-p{number}"))
    await hub.append(job, "selector")
    sent = JobSubmitted(
        run_id=run_id, job_id=job.job_id, pool=job.pool, gateway="g1", node="n1", prompt_id="p1", attempt=1
    )
    await hub.settle(await hub.append(sent, "comfy-gateway"))
    return job.job_id


async def test_a_job_at_a_server_shows_how_far_it_is(hub: Hub) -> None:
    run_id = await hub.run()
    job_id = await submitted(hub, run_id)
    assert (await hub.get(f"/api/jobs/{job_id}"))["progress"] is None
    notice = JobProgress(run_id=run_id, job_id=job_id, node="n1", value=2.5, maximum=4, step=10, steps=20, title="Draw")
    await hub.nats.publish(PROGRESS, b"nonsense")
    await hub.nats.publish(PROGRESS, notice.model_dump_json().encode())

    async def shown() -> bool:
        return bool((await hub.get(f"/api/jobs/{job_id}"))["progress"])

    await until(shown, 20, "the progress")
    [listed] = (await hub.get(f"/api/runs/{run_id}/jobs"))["items"]
    assert listed["progress"] == {"percent": 62, "step": 10, "steps": 20, "node": "Draw"}
    made = examples.image_produced(1, run_id=run_id, job_id=job_id, candidate_id=examples.candidate_of(job_id))
    await hub.settle(await hub.append(made, "comfy-gateway"))
    [listed] = (await hub.get(f"/api/runs/{run_id}/jobs"))["items"]
    assert (listed["state"], listed["progress"]) == ("completed", None)


async def test_the_newest_preview_of_a_job_is_served_and_never_kept(hub: Hub) -> None:
    problem(await hub.http.get("/api/jobs/j1/preview"), 404, "preview-absent")
    bucket = await hub.nats.jetstream().key_value(PREVIEW_BUCKET)
    await bucket.put("j1", b"\xff\xd8\xff a JPEG")
    await bucket.put("j1", png(1))
    answer = await hub.http.get("/api/jobs/j1/preview")
    assert (answer.status_code, answer.content) == (200, png(1))
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("image/png", "no-store")


async def test_a_run_says_how_long_it_still_takes(hub: Hub) -> None:
    """Three finals by one tree: a base, a face fix and three upscales; all examples took the same time."""
    run_id = await hub.run(n=3, t=3)
    base = await hub.image(run_id)
    face = await hub.image(run_id, base, 2)
    await hub.image(run_id, face, 3)

    async def seconds_left() -> float | None:
        return (await hub.get(f"/api/runs/{run_id}"))["seconds_left"]

    assert await seconds_left() is None
    bucket = await hub.nats.jetstream().key_value(PRESENCE_BUCKET)
    presence = NodePresence(
        gateway="g1",
        node="n1",
        pool="default",
        slots=2,
        state=NodeState.BUSY,
        expires_at=now() + timedelta(minutes=5),
    )
    await bucket.put(presence.key, presence.model_dump_json().encode())
    [column] = [made["gpu_seconds"] for made in (await hub.get(f"/api/runs/{run_id}/jobs"))["items"][:1]]
    expected = round(2 * column / 2, 1)
    assert expected > 0
    await until(seconds_left, 20, "an estimate")
    assert await seconds_left() == expected
    await hub.image(run_id, face, 3)
    assert await seconds_left() == round(column / 2, 1)
    await hub.http.post(f"/api/runs/{run_id}/pause")
    await hub.settle(await hub.log.end())
    assert await seconds_left() is None
