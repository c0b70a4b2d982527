"""Backups: saved, put back, gone on with, and never taken for another log's."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from nats.aio.client import Client

from carnival.contracts.ids import Position
from carnival.images.files import FileImageStore
from carnival.images.port import ImageMissing
from carnival.log.connection import open_connection
from carnival.log.copying import read_stored
from carnival.log.nats_log import NatsEventLog
from carnival.log.port import StoredMessage
from carnival.log.stream import ensure_stream
from carnival.testing import examples
from carnival_cli.backup import archive as archives
from carnival_cli.backup.archive import Archive
from carnival_cli.backup.copying import back_up, restore
from carnival_cli.exits import CommandFailed
from carnival_cli.servers.running import running_nats

STORED_SECONDS = 60


def nobody_looks(what: str, done: int, total: int) -> None:
    assert done <= total, what


@pytest.fixture
async def empty(tmp_path: Path) -> AsyncGenerator[Client]:
    """Another machine."""
    with running_nats(tmp_path / "other-nats") as server:
        connection = await open_connection(server.url, "other")
        await ensure_stream(connection)
        yield connection
        await connection.close()


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("carnival_cli.backup.copying.SEGMENT_MESSAGES", 7)


async def fill(log: NatsEventLog, images: FileImageStore, numbers: range) -> None:
    """Three messages an image: requested, produced, nonsense; the file in the store."""
    jetstream = log.connection.jetstream(timeout=STORED_SECONDS)
    for number in numbers:
        data = f"image {number}".encode()
        place, digest = f"f/{number}.png", hashlib.sha256(data).hexdigest()
        await images.put(place, data)
        image = {"place": place, "sha256": digest, "size_bytes": len(data), "width": 1, "height": 1}
        for event in (examples.job_requested(number), examples.image_produced(number, image=image)):
            await log.append(event, examples.meta(actor="Zoë \U0001f3aa"))
        nonsense = b"\x00\xff%d" % number
        await jetstream.publish("carnival.events.run.r1.Nonsense", nonsense, headers={"a": "b"})


async def messages(connection: Client) -> list[StoredMessage]:
    end = await NatsEventLog(connection).end()
    return [message async for batch in read_stored(connection, Position(0), end) for message in batch]


async def test_what_was_saved_comes_back_with_every_position_and_byte(
    event_log: NatsEventLog, empty: Client, tmp_path: Path
) -> None:
    images, other = FileImageStore(tmp_path / "images"), FileImageStore(tmp_path / "other-images")
    await fill(event_log, images, range(1, 9))
    archive = Archive(tmp_path / "backup")
    saved = await back_up(event_log.connection, images, archive, nobody_looks)
    assert (saved.position, saved.images) == (24, 8)
    assert await restore(empty, other, archive, nobody_looks) == saved
    assert await messages(empty) == await messages(event_log.connection)
    for number in range(1, 9):
        assert await other.get(f"f/{number}.png") == f"image {number}".encode()
    assert await restore(empty, other, archive, nobody_looks) == saved
    assert await NatsEventLog(empty).end() == 24


async def test_a_second_backup_adds_what_is_new_and_a_restoration_goes_on(
    event_log: NatsEventLog, empty: Client, tmp_path: Path
) -> None:
    images, other = FileImageStore(tmp_path / "images"), FileImageStore(tmp_path / "other-images")
    archive = Archive(tmp_path / "backup")
    await fill(event_log, images, range(1, 4))
    await back_up(event_log.connection, images, archive, nobody_looks)
    await restore(empty, other, archive, nobody_looks)
    await fill(event_log, images, range(4, 8))
    await images.delete("f/2.png")
    saved = await back_up(event_log.connection, images, archive, nobody_looks)
    assert saved.position == 21
    await restore(empty, other, archive, nobody_looks)
    assert await messages(empty) == await messages(event_log.connection)
    fresh = await back_up(event_log.connection, images, Archive(tmp_path / "fresh"), nobody_looks)
    assert fresh.digest == saved.digest
    assert fresh.images == 6
    with pytest.raises(ImageMissing):
        await FileImageStore(tmp_path / "fresh" / "images").get("f/2.png")


async def test_an_id_that_came_twice_long_apart_comes_back_twice(
    event_log: NatsEventLog, empty: Client, tmp_path: Path
) -> None:
    log, archive = NatsEventLog(empty), Archive(tmp_path / "backup")
    headers = {"Nats-Msg-Id": "same", "ce-id": "same"}
    subject = "carnival.events.run.r1.Nonsense"
    twice = [StoredMessage(Position(number), subject, headers, b"%d" % number) for number in range(1, 4)]
    archive.note(archives.Manifest(finished=True, position=3, segments=(archive.write(twice),)))
    await restore(empty, FileImageStore(tmp_path / "images"), archive, nobody_looks)
    assert await log.end() == 3
    assert [message.body for message in await messages(empty)] == [b"1", b"2", b"3"]


async def test_damage_and_other_logs_are_found(event_log: NatsEventLog, empty: Client, tmp_path: Path) -> None:
    images, archive = FileImageStore(tmp_path / "images"), Archive(tmp_path / "backup")
    with pytest.raises(CommandFailed, match="no finished backup"):
        await restore(empty, images, archive, nobody_looks)
    await fill(event_log, images, range(1, 5))
    await back_up(event_log.connection, images, archive, nobody_looks)
    other = NatsEventLog(empty)
    await fill(other, FileImageStore(tmp_path / "strange"), range(91, 93))
    for attempt in (back_up, restore):
        with pytest.raises(CommandFailed, match="another log"):
            await attempt(empty, images, archive, nobody_looks)
    (tmp_path / "images/f/1.png").write_bytes(b"rotten")
    with pytest.raises(CommandFailed, match="damaged"):
        await back_up(event_log.connection, images, Archive(tmp_path / "fresh"), nobody_looks)
    (tmp_path / "backup/log/00000001.jsonl.gz").write_bytes(b"rotten")
    with pytest.raises(CommandFailed, match="cannot be read"):
        await back_up(event_log.connection, images, archive, nobody_looks)
