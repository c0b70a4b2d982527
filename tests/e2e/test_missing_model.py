"""A model goes missing in the night: the step pauses and names it; the command it says takes it up again."""

from __future__ import annotations

import json
from typing import Any

import httpx
from fixtures.stack import Stack, running_stack

MODEL = "carnival-2x.pth"
ENLARGE: dict[str, Any] = {
    "canvas": {"class_type": "EmptyImage", "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": 255}},
    "noise": {
        "class_type": "ImageAddNoise",
        "inputs": {"image": ["canvas", 0], "seed": "{{auto_seed}}", "strength": 0.5},
    },
    "model": {"class_type": "UpscaleModelLoader", "inputs": {"model_name": MODEL}},
    "large": {"class_type": "ImageUpscaleWithModel", "inputs": {"upscale_model": ["model", 0], "image": ["noise", 0]}},
    "save": {"class_type": "SaveImage", "inputs": {"images": ["large", 0], "filename_prefix": "large"}},
}
JOBS_BEFORE_THE_PAUSE_MAX = 2
"""The one that fails, and the one that is staged behind it."""


async def take_away(stack: Stack, *models: str) -> None:
    async with httpx.AsyncClient(base_url=stack.stub_url) as client:
        (await client.post("/stub/settings", json={"missing_models": models})).raise_for_status()


async def test_fail_5_a_missing_model_costs_one_job_and_is_named_until_it_is_back() -> None:
    async with running_stack(COMFY_STUB_SECONDS_PER_IMAGE="0.1") as stack:
        step = {"order": 1, "name": "Enlarge", "template": json.dumps(ENLARGE)}
        pipeline = await stack.define_pipeline(step, name="Large")
        await take_away(stack, MODEL)
        run_id = await stack.start_run(pipeline, name="Night", t=2)

        run = await stack.wait_for_run(run_id, lambda run: run["steps"][0]["paused"], what="a paused step")
        reason = run["steps"][0]["pause_reason"]
        assert f"node model (UpscaleModelLoader) lacks {MODEL} for model_name" in reason
        assert f"carnival run resume {run_id} --step 1" in reason
        run = await stack.wait_for_run(run_id, lambda run: run["open_jobs"] == 0, what="no open jobs")
        failed = [job for job in await stack.jobs(run_id) if job["state"] == "failed"]
        assert 1 <= len(failed) <= JOBS_BEFORE_THE_PAUSE_MAX
        assert run["images"] == 0
        assert MODEL in await stack.carnival("run", "show", run_id)

        await take_away(stack)
        await stack.carnival("run", "resume", run_id, "--step", "1")
        await stack.wait_for_run(run_id, lambda run: run["finals"] == 2, what="two finals")
