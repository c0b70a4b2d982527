"""A backup made and a backup put back: the log first, then its images. Both go on where an earlier try ended."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing

from nats.aio.client import Client

from carnival.contracts.ids import Position
from carnival.images.files import FileImageStore
from carnival.images.port import ImageStore
from carnival.log.copying import CopyRefused, append_stored, read_stored, stored_at
from carnival.log.nats_log import NatsEventLog
from carnival.log.port import StoredMessage
from carnival.log.wire import MESSAGE_ID
from carnival_cli.backup.archive import SEGMENT_MESSAGES, Archive, Manifest, Segment
from carnival_cli.backup.pictures import Pictures
from carnival_cli.exits import CommandFailed

Told = Callable[[str, int, int], None]
"""What is being copied, how much is done, how much there is."""


async def back_up(connection: Client, images: ImageStore, archive: Archive, told: Told) -> Manifest:
    """The log as far as it goes now, and its images. Whole segments of an earlier backup are kept.

    Everything may go on meanwhile. Raises CommandFailed for a folder with the backup of another log.
    """
    end = await NatsEventLog(connection).end()
    manifest, pictures = archive.manifest() or Manifest(), Pictures()
    segments = await _kept(connection, archive, manifest, pictures)
    after = Position(segments[-1].last if segments else 0)
    waiting: list[StoredMessage] = []
    async with aclosing(read_stored(connection, after, end)) as batches:
        async for batch in batches:
            waiting.extend(batch)
            pictures.look_at(batch)
            told("log", batch[-1].position, end)
            while len(waiting) >= SEGMENT_MESSAGES:
                segments.append(archive.write(waiting[:SEGMENT_MESSAGES]))
                waiting = waiting[SEGMENT_MESSAGES:]
                archive.note(Manifest.model_validate(_reached(segments)))
    if waiting:
        segments.append(archive.write(waiting))
    copied = await pictures.copy(
        images, FileImageStore(archive.images), lambda done, total: told("images", done, total)
    )
    whole = Manifest.model_validate(
        {"finished": True, "images": copied[0], "image_bytes": copied[1], **_reached(segments)}
    )
    archive.note(whole)
    return whole


async def restore(connection: Client, images: ImageStore, archive: Archive, told: Told) -> Manifest:
    """Into an empty log, or one that a restoration of this very backup has begun. Positions stay the same.

    Raises CommandFailed for damage, for another log, and when anybody else writes meanwhile.
    """
    manifest = archive.manifest()
    if manifest is None or not manifest.finished:
        raise CommandFailed("There is no finished backup in this folder.")
    pictures, end = Pictures(), await NatsEventLog(connection).end()
    if end > manifest.position:
        raise CommandFailed(
            f"The log has {end} events, the backup {manifest.position}: restore into an empty Carnival."
        )
    for segment in manifest.segments:
        messages = archive.read(segment)
        pictures.look_at(messages)
        await _check_same(connection, messages, end)
        try:
            await append_stored(connection, [message for message in messages if message.position > end])
        except CopyRefused as error:
            raise CommandFailed(f"Somebody else writes to this log: {error}") from error
        told("log", segment.last, manifest.position)
    await pictures.copy(FileImageStore(archive.images), images, lambda done, total: told("images", done, total))
    return manifest


async def _kept(connection: Client, archive: Archive, manifest: Manifest, pictures: Pictures) -> list[Segment]:
    """Full segments of the earlier backup, each checked; the last, shorter one is written anew."""
    kept = [segment for segment in manifest.segments if segment.last - segment.first + 1 == SEGMENT_MESSAGES]
    for segment in kept:
        messages = archive.read(segment)
        pictures.look_at(messages)
        await _check_same(connection, messages, Position(segment.last))
    if manifest.segments and not kept:
        await _check_same(connection, archive.read(manifest.segments[0]), Position(manifest.position))
    return kept


async def _check_same(connection: Client, messages: list[StoredMessage], end: Position) -> None:
    """The last of `messages` that the log should hold already is there, and the same."""
    there = next((message for message in reversed(messages) if message.position <= end), None)
    if there is None:
        return
    found = await stored_at(connection, there.position)
    if found is None or _facts(found) != _facts(there):
        raise CommandFailed(f"Position {there.position} holds another event: this is the backup of another log.")


def _facts(message: StoredMessage) -> tuple[str, dict[str, str], bytes]:
    """What a message says; the id that only serves de-duplication may be missing in a copy."""
    return message.subject, {**message.headers, MESSAGE_ID: ""}, message.body


def _reached(segments: list[Segment]) -> dict[str, object]:
    return {"segments": tuple(segments), "position": segments[-1].last if segments else 0}
