"""The stand-in as a process of its own."""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

CRASHED = 137


@asynccontextmanager
async def command(data: Path) -> AsyncGenerator[tuple[Process, str]]:
    """A running process and its address."""
    arguments = ("-m", "comfy_stub", "--port", "0", "--data", str(data))
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=PIPE)
    try:
        assert process.stdout is not None
        line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
        assert line.startswith("comfy-stub listening on http://127.0.0.1:")
        yield process, line.split()[-1]
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_crash_ends_the_process_in_the_middle_of_the_request(tmp_path: Path) -> None:
    async with command(tmp_path) as (process, url), aiohttp.ClientSession() as client:
        async with client.get(f"{url}/system_stats") as response:
            assert (await response.json())["system"]["comfyui_version"] == "0.10.0"
        with pytest.raises(aiohttp.ClientError):
            await client.post(f"{url}/stub/crash")
        assert await asyncio.wait_for(process.wait(), 10) == CRASHED


async def test_sigterm_ends_it_at_once_without_a_close_frame(tmp_path: Path) -> None:
    async with command(tmp_path) as (process, url), aiohttp.ClientSession() as client:
        socket = await client.ws_connect(f"{url}/ws?clientId=a")
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0
        async with asyncio.timeout(10):
            while (await socket.receive()).type is not aiohttp.WSMsgType.CLOSED:
                pass
        assert socket.close_code == aiohttp.WSCloseCode.ABNORMAL_CLOSURE
