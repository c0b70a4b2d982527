"""The service as a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import ssl
import sys
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest
from fixtures.certificates import Authority
from fixtures.mortal import MortalServer

from carnival.contracts.catalogue import API
from carnival.log.permissions import users_block
from carnival.testing import until
from carnival_cli.servers.nats import NatsServer
from carnival_cli.servers.ports import free_ports
from carnival_cli.servers.running import running_server

TOKEN = "tc_" + "0" * 40
Lines = tuple[dict[str, str], Path | None]
"""Variables for the service, and the file that its certificate is trusted by."""


async def started(**environ: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "curation_api",
        env=os.environ | environ,
        stderr=asyncio.subprocess.PIPE,
    )


async def is_ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/ready")).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(params=["plain", "encrypted"])
def lines(request: pytest.FixtureRequest, nats_url: str, tmp_path: Path) -> Generator[Lines]:
    """How the service is told to reach NATS and to answer, and what its own certificate is trusted by. Encrypted, NATS
    asks for a certificate and for a password."""
    if request.param == "plain":
        yield {"NATS_URL": nats_url}, None
        return
    authority = Authority(tmp_path)
    server, own = authority.certificate("nats"), authority.certificate("curation-api")
    files = f"cert_file: '{server.file}', key_file: '{server.key}', ca_file: '{authority.file}'"
    folder, blocks = tmp_path / "nats", f"tls {{ {files}, verify: true }}\n{users_block(json.dumps)}"
    with running_server(lambda: NatsServer(folder, *free_ports(2), blocks=blocks)) as nats:
        yield (
            {
                "NATS_URL": nats.url,
                "NATS_USER": API,
                "NATS_PASSWORD": API,
                "NATS_CA_FILE": str(authority.file),
                "NATS_CERT_FILE": str(own.file),
                "NATS_KEY_FILE": str(own.key),
                "API_CERT_FILE": str(own.file),
                "API_KEY_FILE": str(own.key),
            },
            authority.file,
        )


async def test_it_answers_and_stops_in_order(lines: Lines, read_model_url: str, tmp_path: Path, free_port: int) -> None:
    environment, trusted = lines
    process = await started(
        **environment,
        DATABASE_URL=read_model_url,
        IMAGE_ROOT=str(tmp_path),
        API_PORT=str(free_port),
        OPERATOR_TOKEN=TOKEN,
    )
    url = f"{'https' if trusted else 'http'}://127.0.0.1:{free_port}"
    verify = ssl.create_default_context(cafile=trusted) if trusted else True
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, verify=verify) as client:
        await until(lambda: is_ready(client), seconds=90)
        assert (await client.get("/api/runs")).json() == {"items": [], "next": None}
        async with client.stream("GET", "/api/changes") as changes:
            assert changes.status_code == 200
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(20):
                await process.communicate()
    assert process.returncode == 0


async def test_a_user_that_the_bus_withdraws_ends_the_process_in_order_and_says_so(
    read_model_url: str, tmp_path: Path, free_port: int, broken_lines: None
) -> None:
    """Whoever keeps it running starts it again, with the password that is valid then."""
    ports = free_ports(2)

    def changed(user: str) -> str:
        return json.dumps(f"new {user}")

    before, after = (
        NatsServer(tmp_path / "nats", *ports, blocks=users_block(password)) for password in (json.dumps, changed)
    )
    nats = MortalServer(before)
    await nats.start()
    process = await started(
        NATS_URL=nats.url,
        NATS_USER=API,
        NATS_PASSWORD=API,
        DATABASE_URL=read_model_url,
        IMAGE_ROOT=str(tmp_path),
        API_PORT=str(free_port),
        OPERATOR_TOKEN=TOKEN,
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{free_port}") as client:
            await until(lambda: is_ready(client), seconds=90)
        await nats.reload(after)
        async with asyncio.timeout(60):
            _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
        nats.kill()
    assert process.returncode == 0
    assert b"bus_withdrawn" in said


async def test_a_bad_setting_stops_it_and_is_named() -> None:
    process = await started(PIPELINE_N="0")
    async with asyncio.timeout(30):
        _, errors = await process.communicate()
    assert process.returncode == 2
    assert b"PIPELINE_N" in errors
