"""Jobs that go straight to a server, past everything of ours."""

from __future__ import annotations

from typing import Any

import httpx

from carnival.testing import until

WAIT_SECONDS = 600


def workflow(number: int) -> dict[str, Any]:
    """A small picture; each number another one, so that no cache answers."""
    canvas = {"width": 512, "height": 512, "batch_size": 1, "color": 99}
    return {
        "canvas": {"class_type": "EmptyImage", "inputs": canvas},
        "noise": {
            "class_type": "ImageAddNoise",
            "inputs": {"image": ["canvas", 0], "seed": number, "strength": 0.5},
        },
        "save": {"class_type": "SaveImage", "inputs": {"images": ["noise", 0], "filename_prefix": "direct"}},
    }


async def post(client: httpx.AsyncClient, number: int) -> str:
    """The prompt id of a job that the server has taken."""
    prompt_id = f"direct-{number}"
    body = {"prompt": workflow(number), "prompt_id": prompt_id, "client_id": "bench"}
    (await client.post("/prompt", json=body)).raise_for_status()
    return prompt_id


async def is_done(client: httpx.AsyncClient, prompt_id: str) -> bool:
    return prompt_id in (await client.get(f"/history/{prompt_id}")).json()


async def queued_at_once(stub_url: str, jobs: int) -> None:
    """All jobs in the server's queue before the first one ends, the best that is possible; returns at the last end."""
    async with httpx.AsyncClient(base_url=stub_url, timeout=60) as client:
        posted = [await post(client, number) for number in range(jobs)]
        await until(lambda: is_done(client, posted[-1]), WAIT_SECONDS, "the last of the jobs queued at once", every=0.2)
