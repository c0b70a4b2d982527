"""The power of the log's disk fails: each event that was acknowledged is there afterwards. Needs root."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from fixtures.disks import cut_power, format_disk, on_disk
from fixtures.mortal import MortalServer

from carnival.contracts.envelope import Recorded
from carnival.contracts.ids import Position
from carnival.log.connection import open_connection
from carnival.log.nats_log import NatsEventLog
from carnival.log.stream import ensure_stream
from carnival.testing import examples, until
from carnival_cli.child import Program
from carnival_cli.servers.nats import NatsServer
from carnival_cli.servers.ports import free_ports

VOTES = 200
WRITERS = 4
WAIT_SECONDS = 60
DISK_MEGABYTES = 64
SYNCED_LATER = "sync_interval: 2m"


class NatsOnADisk(NatsServer):
    """Its streams lie on a disk whose power can fail."""

    @property
    def image(self) -> Path:
        return self.folder / "disk"

    def prepare(self) -> Program:
        program = NatsServer.prepare(self)
        if not self.image.exists():
            format_disk(self.image, DISK_MEGABYTES)
        return replace(program, argv=(*on_disk(self.image, self.store), *program.argv))


async def acknowledged_until_the_power_fails(nats: MortalServer, store: Path) -> dict[str, Position]:
    """Votes are written all the time, also while it fails."""
    connection = await open_connection(nats.url, "voters")
    await ensure_stream(connection)
    log, acknowledged = NatsEventLog(connection), dict[str, Position]()

    async def vote() -> None:
        while True:
            meta = examples.meta()
            event = examples.vote_cast(examples.candidate_of("j1"), examples.candidate_of("j2"))
            acknowledged[meta.event_id] = (await log.append(event, meta)).position

    writers = [asyncio.create_task(vote()) for _ in range(WRITERS)]
    try:
        await until(lambda: len(acknowledged) >= VOTES, WAIT_SECONDS, "votes")
        cut_power(store, nats.pid)
    finally:
        nats.kill()
        for writer in writers:
            writer.cancel()
        await asyncio.gather(*writers, return_exceptions=True)
        await connection.close()
    return acknowledged


async def found_afterwards(nats: MortalServer) -> dict[str, Position]:
    await nats.start()
    connection = await open_connection(nats.url, "reader")
    try:
        await ensure_stream(connection)
        read = NatsEventLog(connection).read(Position(0))
        entries = [entry async for batch in read for entry in batch if isinstance(entry, Recorded)]
    finally:
        await connection.close()
        nats.kill()
    return {entry.meta.event_id: entry.position for entry in entries}


@pytest.mark.parametrize(("storage", "kept"), [("", True), (SYNCED_LATER, False)], ids=["always synced", "control"])
async def test_acknowledged_events_outlive_the_power_of_the_disk(
    tmp_path: Path, broken_lines: None, storage: str, kept: bool
) -> None:
    """The control is a log that is synced later: it loses some, so the power was really cut."""
    server = NatsOnADisk(tmp_path / "nats", *free_ports(2), storage=storage)
    nats = MortalServer(server)
    await nats.start()
    try:
        acknowledged = await acknowledged_until_the_power_fails(nats, server.store)
        found = await found_afterwards(nats)
    finally:
        nats.kill()
    assert (acknowledged.items() <= found.items()) is kept
