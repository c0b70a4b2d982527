"""What the services may ask of the image store."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Protocol

PLACE_LENGTH_MAX = 512
_PART = re.compile(r"[^\x00-\x1f/\\]{1,200}")


class ImageMissing(LookupError):
    """No image lies at this place."""


class UnsafePlace(ValueError):
    """A place that is not a plain path below the root."""


class ImageStore(Protocol):
    """Originals, unchanged, for ever. Every call raises UnsafePlace for a place that could leave the root."""

    async def put(self, place: str, data: bytes) -> None:
        """Store the bytes, all or nothing; the same place may be written again. Raises OSError."""
        ...

    async def get(self, place: str) -> bytes:
        """The bytes at a place. Raises ImageMissing, OSError."""
        ...

    async def exists(self, place: str) -> bool: ...

    def path_of(self, place: str) -> Path | None:
        """The local file behind a place if this store has local files; it need not exist."""
        ...


def checked_place(place: str) -> PurePosixPath:
    """`place` as a path, surely relative and without any way up. Raises UnsafePlace."""
    path = PurePosixPath(place)
    plain = 0 < len(place) <= PLACE_LENGTH_MAX and not path.is_absolute() and str(path) == place
    if not plain or not path.parts or any(part in {".", ".."} or not _PART.fullmatch(part) for part in path.parts):
        raise UnsafePlace(f"{place[:80]!r} is not a place inside the image store")
    return path
