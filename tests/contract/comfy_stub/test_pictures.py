"""Pictures over the wire: a chain of steps that keeps its composition, through download and upload."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any, TypeAlias

import aiohttp
from contract.comfy_stub.jobs import picture_job, sampler_job
from contract.comfy_stub.replay import until
from PIL import Image, ImageChops, ImageStat
from PIL.PngImagePlugin import PngImageFile

from comfy_stub.server import running_stub
from comfy_stub.settings import Settings

Json: TypeAlias = Any


async def drawn(client: aiohttp.ClientSession, url: str, data: Path, job: Json) -> bytes:
    """Run a job and download its picture."""
    await client.post(f"{url}/prompt", json=job)
    name = f"{job['prompt_id']}_00001_.png"
    path = data / "output" / "t" / name
    await until(lambda: path.exists() and path.read_bytes().endswith(b"IEND\xaeB`\x82"), f"{name} was not drawn")
    async with client.get(f"{url}/view", params={"filename": name, "subfolder": "t", "type": "output"}) as response:
        return await response.read()


async def uploaded(client: aiohttp.ClientSession, url: str, content: bytes) -> str:
    form = aiohttp.FormData()
    form.add_field("image", content, filename="parent.png", content_type="image/png")
    form.add_field("overwrite", "true")
    async with client.post(f"{url}/upload/image", data=form) as response:
        return (await response.json())["name"]


def distance(one: bytes, other: bytes) -> float:
    pictures = [Image.open(io.BytesIO(content)).convert("RGB") for content in (one, other)]
    return sum(ImageStat.Stat(ImageChops.difference(*pictures)).mean) / 3


async def test_steps_keep_the_composition_of_their_parent(tmp_path: Path) -> None:
    async with running_stub(Settings(data=tmp_path, seconds_per_image=0.0)) as stub, aiohttp.ClientSession() as client:
        base = await drawn(client, stub.url, tmp_path, sampler_job("base", seed=3))
        other = await drawn(client, stub.url, tmp_path, sampler_job("other", seed=4))
        parent = await uploaded(client, stub.url, base)
        fixed: Json = {"parent": parent, "denoise": 0.4}
        face = await drawn(client, stub.url, tmp_path, sampler_job("face", title="Face Fix", seed=1, **fixed))
        face_again = await drawn(client, stub.url, tmp_path, sampler_job("again", title="Face Fix", seed=2, **fixed))
        hand = await drawn(client, stub.url, tmp_path, sampler_job("hand", title="Hand Fix", seed=1, **fixed))
    assert distance(base, other) > 10
    for child in (face, face_again, hand):
        assert 0 < distance(base, child) < 5
    assert distance(face, face_again) > 0
    assert distance(face, hand) > 0


async def test_a_picture_carries_its_workflow_and_the_extra_information(tmp_path: Path) -> None:
    async with running_stub(Settings(data=tmp_path, seconds_per_image=0.0)) as stub, aiohttp.ClientSession() as client:
        job = picture_job("meta", extra_data={"extra_pnginfo": {"hub": {"job": 1}}, "other": 2})
        content = await drawn(client, stub.url, tmp_path, job)
    picture = Image.open(io.BytesIO(content))
    assert isinstance(picture, PngImageFile)
    assert json.loads(picture.text["prompt"]) == job["prompt"]
    assert json.loads(picture.text["hub"]) == {"job": 1}
    assert set(picture.text) == {"prompt", "hub"}


async def test_equal_seeds_give_equal_pixels_but_not_equal_files(tmp_path: Path) -> None:
    async with running_stub(Settings(data=tmp_path, seconds_per_image=0.0)) as stub, aiohttp.ClientSession() as client:
        one = await drawn(client, stub.url, tmp_path, picture_job("one", seed=5))
        two = await drawn(client, stub.url, tmp_path, picture_job("two", seed=5))
        three = await drawn(client, stub.url, tmp_path, picture_job("three", seed=6))
    assert one != two
    assert distance(one, two) == 0
    assert distance(one, three) > 0
