"""How far a job is, and what it looks like so far."""

from __future__ import annotations

import io
from typing import Any

from integration.comfy_gateway.rig import Rig, step
from PIL import Image

from carnival.contracts.notices import JobProgress
from carnival.testing import until

SAMPLE: dict[str, Any] = {
    "model": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "carnival-base.safetensors"}},
    "words": {"class_type": "CLIPTextEncode", "inputs": {"text": "a gym", "clip": ["model", 1]}},
    "empty": {"class_type": "EmptyLatentImage", "inputs": {"width": 64, "height": 64, "batch_size": 1}},
    "sample": {
        "class_type": "KSampler",
        "_meta": {"title": "Draw"},
        "inputs": {
            "model": ["model", 0],
            "positive": ["words", 0],
            "negative": ["words", 0],
            "latent_image": ["empty", 0],
            "seed": "{{auto_seed}}",
            "steps": 8,
            "cfg": 6.0,
            "sampler_name": "euler",
            "scheduler": "normal",
            "denoise": 1.0,
        },
    },
    "decode": {"class_type": "VAEDecode", "inputs": {"samples": ["sample", 0], "vae": ["model", 2]}},
    "save": {"class_type": "SaveImage", "inputs": {"images": ["decode", 0], "filename_prefix": "base"}},
}


async def test_a_sampler_tells_its_steps_and_shows_what_it_draws(rig: Rig) -> None:
    rig.stub.stub.behaviour.seconds_per_image = 2
    await rig.start_run(step(1, SAMPLE))
    job = await rig.request()

    def sampling() -> list[JobProgress]:
        return [notice for notice in rig.board.progressed if notice.steps]

    async with rig.gateway():
        await until(lambda: sampling() and rig.board.previews.get(job.job_id), 20, "steps and a preview")
        await rig.until_acknowledged(seconds=20)
    seen = sampling()
    assert {(notice.job_id, notice.class_type, notice.title, notice.steps) for notice in seen} == {
        (job.job_id, "KSampler", "Draw", 8)
    }
    assert all(notice.step is not None and 0 <= notice.step <= 8 and notice.maximum == 6 for notice in seen)
    shown = [notice.percent for notice in rig.board.progressed]
    assert shown == sorted(shown)
    assert 0 < seen[0].percent < 100
    with Image.open(io.BytesIO(rig.board.previews[job.job_id][-1])) as picture:
        assert picture.format == "JPEG"


async def test_a_server_without_previews_still_tells_its_progress(rig: Rig) -> None:
    rig.stub.stub.behaviour.previews = False
    await rig.start_run(step(1, SAMPLE))
    await rig.request()
    async with rig.gateway():
        await rig.until_acknowledged(seconds=20)
    assert rig.board.progressed
    assert not rig.board.previews
