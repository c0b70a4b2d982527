"""What the services may ask of the image store."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from pathlib import PurePosixPath
from typing import Final, Protocol

PLACE_LENGTH_MAX: Final = 512
PIECE_BYTES: Final = 1024 * 1024
LEFT_BEHIND_SECONDS: Final = 3600
"""No write takes that long: a piece that was not touched for so long has lost its writer."""
_PART = re.compile(r"[^\x00-\x1f/\\]{1,200}")


class ImageMissing(LookupError):
    """No image lies at this place."""


class UnsafePlace(ValueError):
    """A place that is not a plain path below the root."""


class StoreFailed(OSError):
    """The store did not answer in time, or refused. The same call may go well later."""


class ImageStore(Protocol):
    """Whole files under places. Every call raises UnsafePlace for a place that could leave the root, and OSError
    (StoreFailed where there is no file system) when the store does not do its part within bounded time."""

    async def put(self, place: str, data: bytes) -> str:
        """Store the bytes, all or nothing; the same place may be written again. Nobody ever sees a part of them.

        Answers their SHA-256 in hexadecimal, once the store is known to hold just these bytes.
        """
        ...

    async def get(self, place: str) -> bytes:
        """All bytes at a place. Raises ImageMissing."""
        ...

    async def read(self, place: str, start: int, end: int) -> bytes:
        """The bytes from `start` up to, not including, `end`; 0 <= start < end <= size. Raises ImageMissing."""
        ...

    async def size(self, place: str) -> int:
        """How many bytes lie there. Raises ImageMissing."""
        ...

    async def exists(self, place: str) -> bool: ...

    async def delete(self, place: str) -> None:
        """Nothing lies there afterwards, as it may have been before."""
        ...

    async def sweep(self) -> int:
        """Remove what writers that were killed left behind, once it is old enough to be nobody's; how many pieces."""
        ...


async def stream(store: ImageStore, place: str, start: int, end: int) -> AsyncGenerator[bytes]:
    """The bytes from `start` up to `end` in pieces of 1 MiB, each asked for when the one before is used up: a slow
    reader holds one piece in memory and no connection to the store. Raises what `ImageStore.read` raises."""
    while start < end:
        piece = await store.read(place, start, min(start + PIECE_BYTES, end))
        if not piece:
            raise StoreFailed(f"{place!r} ends at byte {start}, not at {end}")
        yield piece
        start += len(piece)


def checked_place(place: str) -> PurePosixPath:
    """`place` as a path, surely relative and without any way up. Raises UnsafePlace."""
    path = PurePosixPath(place)
    plain = 0 < len(place) <= PLACE_LENGTH_MAX and not path.is_absolute() and str(path) == place
    if not plain or not path.parts or any(part in {".", ".."} or not _PART.fullmatch(part) for part in path.parts):
        raise UnsafePlace(f"{place[:80]!r} is not a place inside the image store")
    return path
