"""A killed server: what breaks, what is forgotten, what is still there."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest
from contract.comfy_stub.frame_order import by_job, statuses
from contract.comfy_stub.jobs import picture_job, slow_job
from contract.comfy_stub.recording import Exchange, Happened, recording
from contract.comfy_stub.replay import Replay, until

from comfy_stub.server import RunningStub, running_stub
from comfy_stub.settings import Settings

ABNORMAL_CLOSURE = 1006


async def test_a_killed_server_behaves_as_recorded(tmp_path: Path) -> None:
    recorded = recording("server_killed")
    async with running_stub(Settings(data=tmp_path, seconds_per_image=1.0)) as stub, aiohttp.ClientSession() as client:
        replay = Replay(recorded, client, stub.url)
        async with asyncio.timeout(60):
            for step in recorded.steps():
                match step:
                    case Happened():
                        await replay.catch_up(step.at_ms)
                        await _happen(stub, step.event)
                    case Exchange(response=None):
                        with pytest.raises(aiohttp.ClientError):
                            await client.request(step.request["method"], stub.url + step.request["path"])
                    case _:
                        await replay.hold([step])
    assert replay.problems == []
    for name, ear in replay.ears.items():
        assert ear.code == ABNORMAL_CLOSURE
        theirs, ours = by_job(recorded.frames(name), replay.ids), by_job(ear.heard, {})
        assert list(ours) == list(theirs)
        assert statuses(ear.heard) == statuses(recorded.frames(name))
        for job, beats in theirs.items():
            assert ours[job][: len(beats)] == beats


async def _happen(stub: RunningStub, event: str) -> None:
    if "sent" in event:
        await stub.crash()
    else:
        await stub.revive()


async def test_a_crash_over_http_cuts_every_line_and_keeps_the_files(tmp_path: Path) -> None:
    async with running_stub(Settings(data=tmp_path, seconds_per_image=0.0)) as stub, aiohttp.ClientSession() as client:
        socket = await client.ws_connect(f"{stub.url}/ws?clientId=a")
        await client.post(f"{stub.url}/prompt", json=picture_job("one", client_id="a"))
        await until(lambda: (tmp_path / "output" / "t" / "one_00001_.png").exists(), "no picture")
        with pytest.raises(aiohttp.ClientError):
            await client.post(f"{stub.url}/stub/crash")
        async with asyncio.timeout(5):
            while (await socket.receive()).type is not aiohttp.WSMsgType.CLOSED:
                pass
        assert socket.close_code == ABNORMAL_CLOSURE
        with pytest.raises(aiohttp.ClientError):
            await client.get(f"{stub.url}/prompt")
        await stub.revive()
        async with client.get(f"{stub.url}/view?filename=one_00001_.png&subfolder=t") as response:
            assert response.status == 200
        async with client.get(f"{stub.url}/history") as response:
            assert await response.json() == {}


async def test_forgetting_is_a_restart_without_the_wait(tmp_path: Path) -> None:
    async with running_stub(Settings(data=tmp_path, seconds_per_image=30.0)) as stub, aiohttp.ClientSession() as client:
        await client.post(f"{stub.url}/prompt", json=slow_job("one", client_id="a"))
        await client.post(f"{stub.url}/prompt", json=slow_job("two", client_id="a"))
        async with client.post(f"{stub.url}/stub/forget") as response:
            assert response.status == 200
        async with client.get(f"{stub.url}/queue") as response:
            assert await response.json() == {"queue_running": [], "queue_pending": []}
        await client.post(f"{stub.url}/stub/settings", json={"seconds_per_image": 0})
        async with client.post(f"{stub.url}/prompt", json=picture_job("three", client_id="a")) as response:
            assert (await response.json())["number"] == 0
        await until(lambda: (tmp_path / "output" / "t" / "three_00001_.png").exists(), "nothing runs any more")
        await until(lambda: stub.stub.ledger.lines()[0]["verdict"] == "abandoned", "the lost job goes on")
        async with client.get(f"{stub.url}/stub/jobs") as response:
            jobs = (await response.json())["jobs"]
        assert [job["prompt_id"] for job in jobs] == ["one", "three"]
