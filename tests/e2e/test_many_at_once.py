"""Two selectors, three gateways, eight servers at once: N and T hold exactly, counted again from the log."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from fixtures.audit import audit
from fixtures.pipelines import VARIABLES, portrait
from fixtures.stack import Stack, running_stack

from carnival.testing import until
from carnival_cli.servers.ports import free_port

SECONDS_PER_IMAGE = "0.4"
RUN_SECONDS = 150
TARGET = 7


@asynccontextmanager
async def program(log: Path, *arguments: str, **environment: str) -> AsyncGenerator[None]:
    """`python -m ...` while the block runs."""
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *arguments), env={**os.environ, **environment}, stdout=output, stderr=output
        )
    try:
        yield
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 30)


async def start_more(stack: Stack, folder: Path, running: AsyncExitStack) -> None:
    """Seven more servers, two more gateways, one more selector."""
    state = stack.state()
    shared = {"NATS_URL": state["nats_url"], "DATABASE_URL": state["database_url"], "IMAGE_ROOT": state["image_root"]}
    ports = [free_port() for _ in range(7)]
    for port in ports:
        data = folder / f"stub-{port}"
        await running.enter_async_context(
            program(folder / "stub.log", "comfy_stub", "--port", str(port), "--data", str(data))
        )
    servers = [f"http://127.0.0.1:{port}" for port in ports]
    for name, urls in (("second", servers[:3]), ("third", servers[3:])):
        await running.enter_async_context(
            program(
                folder / f"{name}.log",
                "comfy_gateway",
                **shared,
                GATEWAY_NAME=name,
                COMFYUI_BASE_URL=",".join(urls),
            )
        )
    await running.enter_async_context(program(folder / "selector.log", "selector", **shared))

    async def eight_ready() -> bool:
        nodes = (await stack.get("/api/status"))["nodes"]
        return len([node for node in nodes if node["state"] in {"ready", "busy"}]) == 8

    await until(eight_ready, seconds=60, what="eight servers")


@pytest.mark.timeout(400)
async def test_n_and_t_hold_exactly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMFY_STUB_SECONDS_PER_IMAGE", SECONDS_PER_IMAGE)
    async with running_stack() as stack, AsyncExitStack() as running:
        await start_more(stack, tmp_path, running)
        pipeline_id = await stack.define_pipeline(*portrait())
        runs = [await stack.start_run(pipeline_id, n=3, t=TARGET, variables=VARIABLES) for _ in range(2)]
        for run_id in runs:
            await stack.wait_for_run(
                run_id, lambda run: run["finals"] >= TARGET, seconds=RUN_SECONDS, what="all finals"
            )
            await stack.post(f"/api/runs/{run_id}/complete")
            run = await stack.wait_for_run(run_id, lambda run: run["open_jobs"] == 0, what="the last open jobs")
            events = await stack.pages("/api/events", run_id=run_id, limit=200)
            pipeline = await stack.get(f"/api/pipelines/{pipeline_id}")
            counted = audit(events, pipeline["steps"])
            assert counted.breaches == []
            assert counted.open == {}
            assert len(counted.parents) == run["images"]
            assert len({job["node"] for job in await stack.jobs(run_id)}) > 2
