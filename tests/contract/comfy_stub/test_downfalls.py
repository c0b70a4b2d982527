"""A stand-in that goes down at a chosen moment of a job, and what of the job is left."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest
from contract.comfy_stub.jobs import picture_job
from contract.comfy_stub.replay import until

from comfy_stub.downfall import Moment
from comfy_stub.server import running_stub
from comfy_stub.settings import Settings

SAVED = {Moment.SAVED, Moment.SUCCEEDED, Moment.RECORDED}


@pytest.mark.parametrize("moment", list(Moment))
@pytest.mark.parametrize("restart", [False, True])
async def test_a_server_goes_down_at_the_moment_it_is_told_to(moment: Moment, restart: bool, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, seconds_per_image=0.1)
    async with running_stub(settings) as stub, aiohttp.ClientSession() as client:
        planned = {"down_at": {"moment": moment, "restart": restart}}
        async with client.post(f"{stub.url}/stub/settings", json=planned) as answer:
            assert (await answer.json())["down_at"] == planned["down_at"]
        first = stub.stub.engine
        try:
            async with client.post(f"{stub.url}/prompt", json=picture_job("one")) as answer:
                answered = answer.status == 200
        except aiohttp.ClientError:
            answered = False
        assert answered or moment in {Moment.ACCEPTED, Moment.STARTED}
        if restart:
            await until(lambda: stub.stub.engine is not first, "no restart")
        else:
            await until(lambda: not stub.is_up, "no crash")
            await stub.revive()
        async with client.get(f"{stub.url}/history/one") as answer:
            assert await answer.json() == {}
        assert (tmp_path / "output" / "t" / "one_00001_.png").exists() == (moment in SAVED)
        assert stub.stub.behaviour.down_at is None
