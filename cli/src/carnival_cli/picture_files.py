"""Images from the hub onto this disk: whole or not at all, checked, and not fetched twice."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Final

from carnival_cli.api.client import CarnivalApi
from carnival_cli.exits import CommandFailed
from carnival_cli.saving import whole_file

SMALLEST_WIDTH: Final = 256
READ_BYTES: Final = 1024 * 1024


class Shape(StrEnum):
    """What of an image is wanted."""

    ORIGINAL = "original"
    BARE = "bare"
    """The same pixels without prompt and workflow."""
    THUMBNAIL = "thumbnail"


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A file that is there now. `fetched`: by this call; else it was there before."""

    path: Path
    sha256: str
    size: int
    fetched: bool


class Fetching:
    """Fetches images in one shape. `width`, in pixels, is that of thumbnails."""

    def __init__(self, api: CarnivalApi, shape: Shape, width: int | None = None) -> None:
        self._api = api
        self._shape = shape
        self._width = width

    def name(self, place: str) -> str:
        """The file name for an image at `place` of the image store: run, step and file, as a browser saves it."""
        path = PurePosixPath(place)
        stem = "-".join((*path.parts[:-1], path.stem))
        return f"{stem}-{self._width or SMALLEST_WIDTH}.webp" if self._shape is Shape.THUMBNAIL else stem + path.suffix

    async def fetch(self, candidate_id: str, original_sha256: str, target: Path) -> PictureFile:
        """The image as the file `target`. Raises ApiRefused, ApiUnreachable, CommandFailed."""
        known = await asyncio.to_thread(_digest, target)
        if known is not None and self._is_wanted(known[0], original_sha256):
            return PictureFile(target, *known, fetched=False)
        digest, size = hashlib.sha256(), 0
        async with self._pieces(candidate_id) as pieces:
            with whole_file(target) as file:
                async for piece in pieces:
                    file.write(piece)
                    digest.update(piece)
                    size += len(piece)
                if self._shape is Shape.ORIGINAL and digest.hexdigest() != original_sha256:
                    raise CommandFailed(f"Image {candidate_id} came with other bytes than were made; nothing is kept.")
        return PictureFile(target, digest.hexdigest(), size, fetched=True)

    def _is_wanted(self, sha256: str, original_sha256: str) -> bool:
        """Files appear whole, so what is there is good; but an original must never pass for a bare one."""
        return (sha256 == original_sha256) is (self._shape is Shape.ORIGINAL)

    def _pieces(self, candidate_id: str) -> AbstractAsyncContextManager[AsyncGenerator[bytes]]:
        if self._shape is Shape.THUMBNAIL:
            return self._api.candidates.thumbnail(candidate_id, self._width)
        return self._api.candidates.picture(candidate_id, bare=self._shape is Shape.BARE)


def _digest(path: Path) -> tuple[str, int] | None:
    """SHA-256 and size of a file; None where there is none."""
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while piece := file.read(READ_BYTES):
                digest.update(piece)
                size += len(piece)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CommandFailed(f"{path} cannot be read: {error.strerror or error}.") from error
    return digest.hexdigest(), size
