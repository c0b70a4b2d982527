"""The worker that is gone: jobs are accepted and never run."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
from contract.comfy_stub.frame_order import by_job, statuses
from contract.comfy_stub.jobs import picture_job
from contract.comfy_stub.recording import recording
from contract.comfy_stub.replay import Replay, until

from comfy_stub.server import running_stub
from comfy_stub.settings import Settings


async def test_a_poisoned_queue_ends_the_worker_as_recorded(tmp_path: Path) -> None:
    recorded = recording("worker_death")
    async with running_stub(Settings(data=tmp_path, seconds_per_image=1.0)) as stub, aiohttp.ClientSession() as client:
        replay = Replay(recorded, client, stub.url)
        async with asyncio.timeout(60):
            await replay.hold(recorded.steps())
            ear = replay.ears["gw"]
            await until(lambda: len(ear.heard) >= len(recorded.frames("gw")), "frames are missing")
        assert not stub.stub.engine.worker.alive
        await ear.close()
    assert replay.problems == []
    assert by_job(ear.heard, {}) == by_job(recorded.frames("gw"), replay.ids)
    assert statuses(ear.heard) == statuses(recorded.frames("gw"))


async def test_a_worker_dies_on_request_and_a_restart_helps(tmp_path: Path) -> None:
    async with running_stub(Settings(data=tmp_path, seconds_per_image=0.0)) as stub, aiohttp.ClientSession() as client:
        await client.post(f"{stub.url}/stub/dead-worker")
        async with client.post(f"{stub.url}/prompt", json=picture_job("one")) as response:
            assert response.status == 200
        async with client.get(f"{stub.url}/queue") as response:
            queue = await response.json()
        assert queue["queue_running"] == []
        assert [item[1] for item in queue["queue_pending"]] == ["one"]
        await client.post(f"{stub.url}/stub/forget")
        await client.post(f"{stub.url}/prompt", json=picture_job("two"))
        await until(lambda: (tmp_path / "output" / "t" / "two_00001_.png").exists(), "the new worker does nothing")
        assert not (tmp_path / "output" / "t" / "one_00001_.png").exists()
