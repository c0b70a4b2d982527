"""The service as a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import httpx

from carnival.testing import until

TOKEN = "tc_" + "0" * 40


async def started(**environ: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "curation_api",
        env=os.environ | environ,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_it_answers_and_stops_in_order(
    nats_url: str, read_model_url: str, tmp_path: Path, free_port: int
) -> None:
    process = await started(
        NATS_URL=nats_url,
        DATABASE_URL=read_model_url,
        IMAGE_ROOT=str(tmp_path),
        API_PORT=str(free_port),
        OPERATOR_TOKEN=TOKEN,
    )
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{free_port}", headers=headers) as client:

        async def ready() -> bool:
            try:
                return (await client.get("/health/ready")).status_code == 200
            except httpx.TransportError:
                return False

        await until(ready, seconds=90)
        assert (await client.get("/api/runs")).json() == {"items": [], "next": None}
        async with client.stream("GET", "/api/changes") as changes:
            assert changes.status_code == 200
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(20):
                await process.communicate()
    assert process.returncode == 0


async def test_a_bad_setting_stops_it_and_is_named() -> None:
    process = await started(PIPELINE_N="0")
    async with asyncio.timeout(30):
        _, errors = await process.communicate()
    assert process.returncode == 2
    assert b"PIPELINE_N" in errors
