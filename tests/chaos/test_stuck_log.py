"""A log whose disk was full takes nothing until it is started again. Whoever may do that sees it as soon as it helps:
`carnival up` by itself, compose and Kubernetes by deploy/nats/stuck.sh.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Final

import nats.errors
import pytest
from fixtures.disks import SmallDisk, on_small_disks, seen_by
from fixtures.mortal import MortalServer
from nats.aio.client import Client

from carnival.contracts.subjects import subject_of
from carnival.log.connection import open_connection
from carnival.log.stream import ensure_stream
from carnival.log.wire import encode
from carnival.testing import examples, until
from carnival_cli.child import Program
from carnival_cli.servers.nats import NatsServer
from carnival_cli.servers.ports import free_ports

SCRIPT: Final = Path(__file__).parents[2] / "deploy" / "nats" / "stuck.sh"
DISK_MEGABYTES: Final = 32
SECONDS: Final = 60
ANSWER_SECONDS: Final = 2
PLACES: Final = ("127.0.0.1 8222", " /data)")
APPLETS: Final = ("sh", "nc", "grep", "stat")


class NatsOnASmallDisk(NatsServer):
    def prepare(self) -> Program:
        program = NatsServer.prepare(self)
        return replace(program, argv=(*on_small_disks({self.store: DISK_MEGABYTES}), *program.argv))


def says_stuck(server: NatsServer, programs: Path) -> bool:
    """What the script says of this server."""
    text = SCRIPT.read_text()
    assert all(text.count(place) == 1 for place in PLACES)
    port, data = PLACES
    text = text.replace(port, f"127.0.0.1 {server.monitor_port}").replace(data, f" {server.store})")
    command = [programs / "sh", "-c", text]
    done = subprocess.run(command, env={"PATH": str(programs)}, capture_output=True, timeout=SECONDS, check=False)
    assert not done.stderr, done.stderr
    return done.returncode == 0


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with those of the official image of NATS, and no others."""
    busybox, folder = shutil.which("busybox"), tmp_path / "programs"
    assert busybox is not None, "this test needs busybox"
    folder.mkdir()
    for name in APPLETS:
        (folder / name).symlink_to(busybox)
    return folder


async def is_refused(connection: Client) -> bool:
    """Whether the log does not acknowledge an event."""
    event = examples.vote_cast(examples.candidate_of("j1"), examples.candidate_of("j2"))
    headers, body = encode(event, examples.meta())
    try:
        await connection.request(subject_of(event), body, timeout=ANSWER_SECONDS, headers=headers)
    except nats.errors.Error:
        return True
    return False


async def test_a_stuck_log_is_to_be_started_again_when_there_is_room(
    tmp_path: Path, programs: Path, broken_lines: None
) -> None:
    async def judged() -> tuple[bool, bool]:
        return await asyncio.to_thread(seen.is_stuck), await asyncio.to_thread(says_stuck, seen, programs)

    nats_server = MortalServer(server := NatsOnASmallDisk(tmp_path / "nats", *free_ports(2)))
    try:
        await nats_server.start()
        connection = await open_connection(server.url, "writer")
        try:
            await ensure_stream(connection)
            seen = replace(server, folder=seen_by(nats_server.pid, server.folder))
            assert await judged() == (False, False)
            disk = SmallDisk(seen.store)
            disk.fill()
            await until(lambda: is_refused(connection), SECONDS, "a refusal")
            assert await judged() == (False, False), "started now it would be stuck again"
            disk.free()
            assert await is_refused(connection)
            assert await judged() == (True, True)
        finally:
            await connection.close()
    finally:
        nats_server.kill()
