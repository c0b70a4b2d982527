"""The health command of the images, against the real health endpoints."""

from __future__ import annotations

import asyncio
import os
import sys

from carnival.health import health_app, serve_health


async def asked(port: int) -> tuple[int, str]:
    """Exit status and words of the command."""
    command = (sys.executable, "-m", "carnival.ready")
    environment = {**os.environ, "HEALTH_PORT": str(port)}
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def without_bus() -> None:
    raise ConnectionError("not connected to NATS")


async def test_the_health_command_says_why_a_service_is_not_ready() -> None:
    async with serve_health(health_app({}), "127.0.0.1", 0) as port:
        assert (await asked(port))[0] == 0
    async with serve_health(health_app({"bus": without_bus}), "127.0.0.1", 0) as other:
        status, said = await asked(other)
    assert (status, "not connected to NATS" in said) == (1, True)
    status, said = await asked(port)
    assert (status, "does not answer" in said) == (1, True)
