"""How long a ComfyUI server stands idle between two jobs of a gateway.

A stand-in server runs in a process of its own. First it gets all jobs at once: its own gap between `execution_success`
of one job and `execution_start` of the next, by its own timestamps, is the best that is possible. Then a gateway does
as many jobs from a real event log, one rendering and one staged ahead. Timestamps are whole milliseconds.

    python bench/gateway_gap.py [--jobs 60] [--seconds-per-image 0.1] [--parents]
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import logging
import re
import statistics
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import structlog
from PIL import Image

from carnival.contracts.ids import CandidateId, JobId, derived_id, fresh_id
from carnival.contracts.job import ImageProduced, JobFailed, ParentImage
from carnival.contracts.pipeline import PipelineDefined
from carnival.contracts.subjects import every_run
from carnival.images.files import FileImageStore
from carnival.log.connection import open_connection
from carnival.log.nats_log import NatsEventLog
from carnival.log.stream import ensure_buckets, ensure_stream
from carnival.testing import examples, until
from carnival_cli.servers.running import running_nats
from comfy_gateway.adapters.job_consumer import NatsJobSource
from comfy_gateway.adapters.notices import NatsNoticeBoard
from comfy_gateway.main import World, gateway_of
from comfy_gateway.settings import GatewaySettings

WAIT_SECONDS = 300.0
OPEN_JOBS = 2
LISTENING = re.compile(r"listening on (\S+)")


@dataclass(frozen=True, slots=True)
class Work:
    """What is measured on: how many jobs, how long each, with or without a parent image to upload."""

    jobs: int
    seconds_per_image: float
    parents: bool


@contextmanager
def stub_process(folder: Path, seconds_per_image: float) -> Generator[str]:
    command = [sys.executable, "-m", "comfy_stub", "--port", "0", "--data", str(folder)]
    command += ["--seconds-per-image", str(seconds_per_image)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        found = LISTENING.search(process.stdout.readline())
        assert found is not None, "the stand-in did not start"
        yield found[1]
    finally:
        process.terminate()
        process.wait(10)


def workflow(with_parent: bool) -> dict[str, Any]:
    source: dict[str, Any] = (
        {"class_type": "LoadImage", "inputs": {"image": "{{parent_image}}"}}
        if with_parent
        else {"class_type": "EmptyImage", "inputs": {"width": 256, "height": 256, "batch_size": 1, "color": 99}}
    )
    noise = {"image": ["source", 0], "seed": "{{auto_seed}}", "strength": 0.5}
    return {
        "source": source,
        "noise": {"class_type": "ImageAddNoise", "inputs": noise},
        "save": {"class_type": "SaveImage", "inputs": {"images": ["noise", 0], "filename_prefix": "gap"}},
    }


async def queued_at_once(url: str, work: Work) -> list[int]:
    """The server's own gaps, with every job in its queue before the first one ends."""
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        ids = [f"direct-{number}" for number in range(work.jobs)]
        for number, prompt_id in enumerate(ids):
            template = json.dumps(workflow(with_parent=False)).replace('"{{auto_seed}}"', str(number))
            body = {"prompt": json.loads(template), "prompt_id": prompt_id, "client_id": "bench"}
            (await client.post("/prompt", json=body)).raise_for_status()
        await _until_idle(client)
        return await gaps(client, ids)


async def through_the_gateway(url: str, nats_url: str, folder: Path, work: Work) -> list[int]:
    """The gaps that the gateway leaves."""
    async with _world(nats_url, folder) as world:
        store = world.images
        data = _png()
        place = "bench/parent.png"
        await store.put(place, data)
        parent = ParentImage(candidate_id=CandidateId("c0"), place=place, sha256=sha256(data).hexdigest())
        await _start_run(world, work)
        settings = GatewaySettings(comfyui_base_url=url, gateway_name=f"bench-{fresh_id()[:6]}")
        async with gateway_of(settings, world) as gateway:
            stop = asyncio.Event()
            running = asyncio.create_task(gateway.run(stop))
            await _keep_busy(world, work, parent if work.parents else None)
            stop.set()
            await running
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        lines = (await client.get("/stub/jobs")).json()["jobs"]
        return await gaps(client, [line["prompt_id"] for line in lines if not line["prompt_id"].startswith("direct-")])


@asynccontextmanager
async def _world(nats_url: str, folder: Path) -> AsyncGenerator[World]:
    connection = await open_connection(nats_url, "bench")
    await ensure_stream(connection)
    await ensure_buckets(connection)
    jobs = NatsJobSource(connection, "default")
    yield World(NatsEventLog(connection), jobs, FileImageStore(folder), NatsNoticeBoard(connection))
    await jobs.close()
    await connection.close()


async def _start_run(world: World, work: Work) -> None:
    step = examples.step(1, template=json.dumps(workflow(work.parents)), needs_parent=work.parents)
    defined = PipelineDefined(pipeline_id=examples.PIPELINE, version=1, name="Bench", steps=(step,))
    at = await world.log.append(defined, examples.meta())
    await world.log.append(examples.run_started(pipeline_position=at.position), examples.meta())


async def _keep_busy(world: World, work: Work, parent: ParentImage | None) -> None:
    """As the selector does: one job renders, one is staged, and each end asks for the next one."""
    asked, ended, start = 0, 0, await world.log.end()

    async def ask() -> None:
        job = examples.job_requested(asked, job_id=JobId(derived_id("bench", asked)))
        await world.log.append(job.model_copy(update={"parent": parent}), examples.meta())

    async with asyncio.timeout(WAIT_SECONDS):
        while asked < OPEN_JOBS:
            asked += 1
            await ask()
        async for batch in world.log.follow(
            start, subjects=(every_run(ImageProduced, "default"), every_run(JobFailed, "default"))
        ):
            ended += len(batch)
            for _ in batch:
                if asked < work.jobs:
                    asked += 1
                    await ask()
            if ended >= work.jobs:
                return


async def _until_idle(client: httpx.AsyncClient) -> None:
    async def idle() -> bool:
        return not (await client.get("/prompt")).json()["exec_info"]["queue_remaining"]

    await until(idle, WAIT_SECONDS)


async def gaps(client: httpx.AsyncClient, prompt_ids: list[str]) -> list[int]:
    """Milliseconds from the end of each job to the start of the next one."""
    spans: list[tuple[int, int]] = []
    for prompt_id in prompt_ids:
        entry = (await client.get(f"/history/{prompt_id}")).json()[prompt_id]
        stamps = {name: data["timestamp"] for name, data in entry["status"]["messages"]}
        spans.append((stamps["execution_start"], stamps["execution_success"]))
    spans.sort()
    return [later[0] - earlier[1] for earlier, later in pairwise(spans)]


def _png() -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((512, 512), 80).convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


def _shown(name: str, values: list[int]) -> float:
    """Prints one line; the mean counts in the ratio, as the stamps are whole milliseconds."""
    p95 = statistics.quantiles(values, n=20)[-1]
    mean = statistics.fmean(values)
    print(f"{name}_ms median={statistics.median(values):.1f} mean={mean:.2f} p95={p95:.1f} max={max(values)}")
    return mean


async def measure(work: Work) -> None:
    with (
        TemporaryDirectory(prefix="gateway-gap-") as name,
        running_nats(_folder(name, "nats")) as nats,
        stub_process(_folder(name, "comfy"), work.seconds_per_image) as url,
    ):
        own = _shown("server_gap", await queued_at_once(url, work))
        ours = _shown("gateway_gap", await through_the_gateway(url, nats.url, _folder(name, "images"), work))
        print(f"gateway_gap_to_server_gap={ours / max(own, 0.1):.2f}")


def _folder(parent: str, name: str) -> Path:
    folder = Path(parent) / name
    folder.mkdir()
    return folder


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    parser = argparse.ArgumentParser(description="Idle time of a server between two jobs of a gateway.")
    parser.add_argument("--jobs", type=int, default=60)
    parser.add_argument("--seconds-per-image", type=float, default=0.1)
    parser.add_argument("--parents", action="store_true", help="each job uploads a parent image")
    chosen = parser.parse_args()
    asyncio.run(measure(Work(chosen.jobs, chosen.seconds_per_image, chosen.parents)))


if __name__ == "__main__":
    main()
