"""The example templates run on a server with models and on one without."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from carnival.testing import until
from carnival_cli.example import Variant, example_pipeline
from comfy_stub.server import RunningStub, running_stub

PLACEHOLDER = re.compile(r'"\{\{(\w+)\}\}"|\{\{(\w+)\}\}')


@pytest.fixture
async def stub() -> AsyncGenerator[RunningStub]:
    async with running_stub() as running:
        yield running


@pytest.mark.parametrize("variant", list(Variant))
async def test_every_step_makes_an_image_from_the_one_before(stub: RunningStub, variant: Variant) -> None:
    values: dict[str, Any] = {"prompt": 'a "strong" one', "auto_seed": 1000001}
    async with httpx.AsyncClient(base_url=stub.url, timeout=30) as client:
        for step in example_pipeline(variant)["steps"]:
            image = await _run(client, _filled(step["template"], values))
            values["parent_image"] = await _upload(client, image)


async def _run(client: httpx.AsyncClient, workflow: dict[str, Any]) -> bytes:
    answer = await client.post("/prompt", json={"prompt": workflow})
    assert answer.status_code == 200, answer.text
    prompt_id = answer.json()["prompt_id"]

    async def entry() -> Any:
        return (await client.get(f"/history/{prompt_id}")).json().get(prompt_id)

    done = await until(entry, 20)
    assert done["status"]["status_str"] == "success", done["status"]
    files = [file for output in done["outputs"].values() for file in output["images"]]
    assert len(files) == 1
    return (await client.get("/view", params=files[0])).content


async def _upload(client: httpx.AsyncClient, image: bytes) -> str:
    return (await client.post("/upload/image", files={"image": ("parent.png", image)})).json()["name"]


def _filled(template: str, values: dict[str, Any]) -> dict[str, Any]:
    def value(match: re.Match[str]) -> str:
        if match[1]:
            return json.dumps(values[match[1]])
        return json.dumps(values[match[2]])[1:-1]

    return json.loads(PLACEHOLDER.sub(value, template))
