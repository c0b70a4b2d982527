"""The faults a test can ask for, and the duties of a faithful stand-in that no recording shows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import aiohttp
import pytest
from contract.comfy_stub.jobs import picture_job, sampler_job, slow_job

from comfy_stub.server import RunningStub, running_stub
from comfy_stub.settings import Settings

Json: TypeAlias = Any


@dataclass
class Talk:
    """One client with one socket."""

    stub: RunningStub
    client: aiohttp.ClientSession
    socket: aiohttp.ClientWebSocketResponse

    async def get(self, path: str) -> Json:
        async with self.client.get(self.stub.url + path) as response:
            return await response.json()

    async def post(self, path: str, body: Json = None) -> tuple[int, Json]:
        async with self.client.post(self.stub.url + path, json=body) as response:
            text = await response.text()
            return response.status, json.loads(text) if text.startswith("{") else text

    async def frame(self, kind: str, **wanted: Json) -> Json:
        """The next frame of a type with these data; everything before it is dropped."""
        async with asyncio.timeout(10):
            while True:
                message = await self.socket.receive()
                assert message.type in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}, message
                if message.type is aiohttp.WSMsgType.BINARY:
                    continue
                frame = json.loads(message.data)
                if frame["type"] == kind and all(frame["data"].get(key) == value for key, value in wanted.items()):
                    return frame["data"]

    async def ended(self, prompt_id: str) -> Json:
        """Wait for the end marker of a job; its history entry."""
        await self.frame("executing", node=None, prompt_id=prompt_id)
        return (await self.get(f"/history/{prompt_id}"))[prompt_id]


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with running_stub(Settings(data=tmp_path, seconds_per_image=0.0)) as stub, aiohttp.ClientSession() as client:
        async with client.ws_connect(f"{stub.url}/ws?clientId=me") as socket:
            yield Talk(stub, client, socket)


async def test_history_is_written_before_the_end_marker(talk: Talk) -> None:
    for place in range(20):
        await talk.post("/prompt", picture_job(f"job{place}", client_id="me", seed=place))
        assert (await talk.ended(f"job{place}"))["status"]["status_str"] == "success"


async def test_history_can_lag_behind_execution_success(talk: Talk) -> None:
    await talk.post("/stub/settings", {"history_delay_seconds": 0.3})
    await talk.post("/prompt", picture_job("late", client_id="me"))
    await talk.frame("execution_success", prompt_id="late")
    assert await talk.get("/history/late") == {}
    assert [item[1] for item in (await talk.get("/queue"))["queue_running"]] == ["late"]
    assert (await talk.ended("late"))["status"]["completed"] is True


async def test_planned_failures_end_as_execution_errors(talk: Talk) -> None:
    await talk.post("/stub/settings", {"fail_next": {"count": 1, "kind": "memory"}})
    await talk.post("/prompt", picture_job("full", client_id="me"))
    error = await talk.frame("execution_error")
    assert error["exception_type"] == "torch.OutOfMemoryError"
    assert error["exception_message"].endswith("\n")
    assert error["node_id"] == "noise"
    assert (await talk.ended("full"))["status"]["status_str"] == "error"
    assert (await talk.get("/api/jobs/full"))["status"] == "failed"
    await talk.post("/prompt", picture_job("again", client_id="me"))
    assert (await talk.ended("again"))["status"]["status_str"] == "success"


async def test_every_nth_job_fails(talk: Talk) -> None:
    await talk.post("/stub/settings", {"fail_every": 3})
    ends: list[str] = []
    for place in range(6):
        await talk.post("/prompt", picture_job(f"n{place}", client_id="me", seed=place))
        ends.append((await talk.ended(f"n{place}"))["status"]["status_str"])
    assert ends == ["success", "success", "error"] * 2


async def test_a_missing_model_is_not_in_the_list(talk: Talk) -> None:
    await talk.post("/stub/settings", {"missing_models": ["carnival-base.safetensors"]})
    status, answer = await talk.post("/prompt", sampler_job("m"))
    assert status == 400
    assert answer["node_errors"]["model"]["errors"][0]["type"] == "value_not_in_list"


async def test_a_missing_class_is_an_invalid_prompt(talk: Talk) -> None:
    await talk.post("/stub/settings", {"missing_classes": ["KSampler"]})
    assert await talk.get("/object_info/KSampler") == {}
    status, answer = await talk.post("/prompt", sampler_job("m"))
    assert (status, answer["error"]["type"]) == (400, "invalid_prompt")


async def test_a_rejected_branch_leaves_the_rest_to_run(talk: Talk) -> None:
    await talk.post("/stub/settings", {"node_errors": [{"class_type": "ImageInvert"}]})
    job = picture_job("half", client_id="me")
    job["prompt"]["bad"] = {"class_type": "ImageInvert", "inputs": {"image": ["canvas", 0]}}
    job["prompt"]["other"] = {"class_type": "PreviewImage", "inputs": {"images": ["bad", 0]}}
    status, answer = await talk.post("/prompt", job)
    assert status == 200
    assert list(answer["node_errors"]) == ["bad"]
    assert list((await talk.ended("half"))["outputs"]) == ["save"]


async def test_a_lost_answer_leaves_the_job_queued(talk: Talk) -> None:
    await talk.post("/stub/settings", {"lose_answers": 1})
    with pytest.raises(aiohttp.ClientError):
        await talk.post("/prompt", picture_job("lost", client_id="me"))
    assert (await talk.ended("lost"))["status"]["completed"] is True


async def test_answers_can_be_refused_for_a_while(talk: Talk) -> None:
    await talk.post("/stub/settings", {"refuse_answers": 1, "refuse_status": 503})
    assert (await talk.post("/prompt", picture_job("r", client_id="me")))[0] == 503
    assert (await talk.post("/prompt", picture_job("r", client_id="me")))[0] == 200


async def test_a_deaf_socket_stays_open_and_hears_nothing(talk: Talk) -> None:
    await talk.frame("status", sid="me")
    await talk.post("/stub/deaf")
    await talk.post("/prompt", picture_job("unheard", client_id="me"))
    while (await talk.get("/prompt"))["exec_info"]["queue_remaining"] > 0:
        pass
    assert list(await talk.get("/history/unheard")) == ["unheard"]
    with pytest.raises(TimeoutError):
        await talk.socket.receive(timeout=0.1)
    assert not talk.socket.closed


async def test_answers_can_stall(talk: Talk) -> None:
    await talk.post("/stub/settings", {"stall_seconds": 0.2})
    before = asyncio.get_running_loop().time()
    await talk.get("/prompt")
    assert asyncio.get_running_loop().time() - before >= 0.1


async def test_the_whole_server_can_stand_still_for_a_moment(talk: Talk) -> None:
    """As while a garbage collection holds its interpreter: neither answers nor frames come out (0.6 s were seen)."""
    await talk.frame("status", sid="me")
    await talk.post("/stub/stall", {"seconds": 0.6})
    before = asyncio.get_running_loop().time()
    await talk.post("/prompt", picture_job("held", client_id="me"))
    assert asyncio.get_running_loop().time() - before >= 0.5
    await talk.post("/stub/stall", {"seconds": 0.4})
    before = asyncio.get_running_loop().time()
    await talk.ended("held")
    assert asyncio.get_running_loop().time() - before >= 0.3


async def test_interrupts_can_come_too_late(talk: Talk) -> None:
    """As in the last node of a job: the picture arrives after the cancellation."""
    await talk.post("/stub/settings", {"seconds_per_image": 0.5, "late_interrupts": True})
    await talk.post("/prompt", slow_job("late", client_id="me"))
    await talk.frame("execution_start", prompt_id="late")
    assert (await talk.post("/interrupt", {"prompt_id": "late"}))[0] == 200
    assert (await talk.ended("late"))["status"]["status_str"] == "success"


async def test_a_file_name_is_given_again_after_its_file_was_deleted(talk: Talk) -> None:
    names: list[str] = []
    for seed in range(2):
        await talk.post("/prompt", {**picture_job("same", client_id="me", seed=seed), "prompt_id": f"n{seed}"})
        names.append((await talk.ended(f"n{seed}"))["outputs"]["save"]["images"][0]["filename"])
        await talk.post("/stub/delete-outputs")
    assert names == ["same_00001_.png"] * 2


async def test_samplers_can_be_told_to_show_no_previews(talk: Talk) -> None:
    await talk.frame("status", sid="me")
    await talk.post("/stub/settings", {"previews": False})
    await talk.post("/prompt", sampler_job("blind", client_id="me"))
    kinds: set[aiohttp.WSMsgType] = set()
    while not kinds & {aiohttp.WSMsgType.BINARY}:
        message = await talk.socket.receive(timeout=10)
        kinds.add(message.type)
        if message.type is aiohttp.WSMsgType.TEXT and json.loads(message.data)["type"] == "execution_success":
            break
    assert kinds == {aiohttp.WSMsgType.TEXT}


async def test_a_job_takes_the_time_it_is_told_to(talk: Talk) -> None:
    await talk.post("/stub/settings", {"seconds_per_image": 0.4})
    await talk.post("/prompt", slow_job("timed", client_id="me"))
    await talk.ended("timed")
    (job,) = (await talk.get("/stub/jobs"))["jobs"]
    assert 390 <= job["ended_ms"] - job["started_ms"] <= 2000
    assert job["prefixes"] == ["t/timed"]


async def test_a_queued_job_follows_at_once(talk: Talk) -> None:
    for place in range(10):
        await talk.post("/prompt", picture_job(f"q{place}", client_id="me", seed=place))
    await talk.ended("q9")
    jobs = (await talk.get("/stub/jobs"))["jobs"]
    gaps = [after["started_ms"] - before["ended_ms"] for before, after in pairwise(jobs)]
    assert sorted(gaps)[len(gaps) // 2] <= 20


async def test_samplers_report_ticks_and_stop_at_one(talk: Talk) -> None:
    await talk.post("/stub/settings", {"seconds_per_image": 2.0})
    await talk.post("/prompt", sampler_job("ticking", client_id="me"))
    tick = await talk.frame("progress", node="sampler")
    assert (tick["value"], tick["max"]) == (1, 4)
    await talk.post("/interrupt", {"prompt_id": "ticking"})
    stopped = await talk.frame("execution_interrupted")
    assert stopped["node_id"] == "sampler"
    assert (await talk.ended("ticking"))["outputs"] == {}


async def test_an_unknown_setting_is_refused_and_changes_nothing(talk: Talk) -> None:
    before = await talk.get("/stub/settings")
    assert (await talk.post("/stub/settings", {"seconds_per_image": 9, "speed": 1}))[0] == 400
    assert await talk.get("/stub/settings") == before
