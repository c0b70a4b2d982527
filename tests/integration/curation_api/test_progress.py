"""How far jobs are, what they look like so far, and how long a run still takes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import httpx
from integration.curation_api.hub import Hub, png, problem

from carnival.contracts.ids import JobId, RunId
from carnival.contracts.job import JobSubmitted
from carnival.contracts.notices import JobProgress, NodePresence, NodeState
from carnival.contracts.subjects import PRESENCE_BUCKET, PREVIEW_BUCKET, PROGRESS
from carnival.testing import examples, until
from carnival_cli.api.log import LogCalls
from carnival_cli.api.transport import Transport
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
    status = await hub.get("/api/status")
    assert (status["jobs"]["submitted"], status["running"]) == (1, 1)
    [listed] = (await hub.get(f"/api/runs/{run_id}/jobs"))["items"]
    assert listed["progress"] == {"percent": 62, "step": 10, "steps": 20, "node": "Draw"}
    made = examples.image_produced(1, run_id=run_id, job_id=job_id, candidate_id=examples.candidate_of(job_id))
    await hub.settle(await hub.append(made, "comfy-gateway"))
    [listed] = (await hub.get(f"/api/runs/{run_id}/jobs"))["items"]
    assert (listed["state"], listed["progress"]) == ("completed", None)
    assert (await hub.get("/api/status"))["running"] == 0


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


async def test_progress_fleet_and_position_are_told_beside_the_changes(hub: Hub) -> None:
    """Without an id: whoever resumes does so at a change."""
    run_id = await hub.run()
    query = {"notice": ["progress", "fleet", "projected"], "run_id": run_id, "type": "RunPaused"}
    bucket = await hub.nats.jetstream().key_value(PRESENCE_BUCKET)
    node = NodePresence(
        gateway="g1", node="n1", pool="default", slots=1, state=NodeState.READY, expires_at=now() + timedelta(minutes=5)
    )

    def progress(of: str, percent: int) -> bytes:
        heard = JobProgress(run_id=RunId(of), job_id=JobId(f"job-{of}"), node="n1", value=percent, maximum=100)
        return heard.model_dump_json().encode()

    async with (
        asyncio.timeout(60),
        Transport(str(hub.http.base_url)) as transport,
        hub.http.stream("GET", "/api/changes", params=query) as answer,
    ):
        after = await hub.log.end()
        heard = LogCalls(transport).changes(after, run_id, ["RunPaused"], ["progress"])
        hearing = asyncio.ensure_future(anext(heard))
        messages = _messages(answer)
        assert "retry" in await anext(messages)
        await hub.nats.publish(PROGRESS, progress("another", 1))

        async def told_again() -> bool:
            await hub.nats.publish(PROGRESS, progress(run_id, 62))
            return hearing.done()

        await until(told_again, 20, "progress at the client, whenever it begins to listen", every=0.2)
        told = await _first(messages, "progress")
        assert (told["run_id"], told["percent"]) == (run_id, 62)
        assert hearing.result() == {"notice": "progress", **told}
        await bucket.put(node.key, node.model_dump_json().encode())
        assert await _first(messages, "fleet") == {"gateway": "g1", "node": "n1", "state": "ready"}
        await bucket.put(node.key, node.model_copy(update={"memory_free": 1}).model_dump_json().encode())
        short = node.model_copy(update={"state": NodeState.BUSY, "expires_at": now() + timedelta(seconds=1)})
        await bucket.put(node.key, short.model_dump_json().encode())
        assert [(await _first(messages, "fleet"))["state"] for _ in range(2)] == ["busy", "gone"]
        position = (await hub.http.post(f"/api/runs/{run_id}/pause")).json()["position"]
        while (await _first(messages, "projected"))["position"] < position:
            continue
        while "notice" in (change := await anext(heard)):
            continue
        assert change == {"position": position, "type": "RunPaused", "run_id": run_id}
        await heard.aclose()


async def _messages(answer: httpx.Response) -> AsyncGenerator[dict[str, str]]:
    """Each server-sent event as its fields."""
    fields: dict[str, str] = {}
    async for line in answer.aiter_lines():
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
            continue
        yield fields
        fields = {}


async def _first(messages: AsyncGenerator[dict[str, str]], kind: str) -> dict[str, Any]:
    async for message in messages:
        assert ("id" in message) == (message.get("event") in {None, "change"})
        if message.get("event") == kind:
            return json.loads(message["data"])
    raise AssertionError("the stream ended")
