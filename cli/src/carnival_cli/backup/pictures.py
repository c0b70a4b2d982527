"""The images a log speaks of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

from carnival.contracts.envelope import Recorded
from carnival.contracts.job import ImageProduced
from carnival.images.port import ImageMissing, ImageStore
from carnival.log.port import StoredMessage
from carnival.log.wire import decode
from carnival_cli.exits import CommandFailed


class Pictures:
    """Place and SHA-256 of every original, from the messages it was shown."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def look_at(self, messages: Iterable[StoredMessage]) -> None:
        for message in messages:
            if ".ImageProduced." in message.subject:
                entry = decode(message.subject, message.position, message.headers, message.body)
                if isinstance(entry, Recorded) and isinstance(entry.event, ImageProduced):
                    self.known[entry.event.image.place] = entry.event.image.sha256

    async def copy(self, source: ImageStore, target: ImageStore, told: Callable[[int, int], None]) -> tuple[int, int]:
        """Each original that `source` still has, checked on the way; what `target` has already is left alone.

        Images and bytes in `target` afterwards. Originals that were discarded are gone: their facts stay in the log.
        Raises CommandFailed for one whose bytes are not those that the log knows.
        """
        count = size = 0
        for place, digest in self.known.items():
            data = await _whole(target, place, digest) or await _whole(source, place, digest, strict=True)
            if data is not None:
                if not await _whole(target, place, digest):
                    await target.put(place, data)
                count, size = count + 1, size + len(data)
            told(count, len(self.known))
        return count, size


async def _whole(store: ImageStore, place: str, digest: str, *, strict: bool = False) -> bytes | None:
    """The bytes, if they are there and the right ones."""
    try:
        data = await store.get(place)
    except ImageMissing:
        return None
    if hashlib.sha256(data).hexdigest() == digest:
        return data
    if strict:
        raise CommandFailed(f"The image {place} is damaged: its digest is not the one the log knows.")
    return None
