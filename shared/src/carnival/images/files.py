"""The image store as files below one root."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from carnival.contracts.ids import fresh_id
from carnival.images.port import ImageMissing, UnsafePlace, checked_place


class FileImageStore:
    """Implements `ImageStore`. A file appears whole or not at all: written aside, synced, renamed."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    async def put(self, place: str, data: bytes) -> None:
        await asyncio.to_thread(_write_whole, self.path_of(place), data)

    async def get(self, place: str) -> bytes:
        try:
            return await asyncio.to_thread(self.path_of(place).read_bytes)
        except FileNotFoundError as error:
            raise ImageMissing(place) from error

    async def exists(self, place: str) -> bool:
        return await asyncio.to_thread(self.path_of(place).is_file)

    def path_of(self, place: str) -> Path:
        path = self._root / checked_place(place)
        if not path.resolve().is_relative_to(self._root):
            raise UnsafePlace(f"{place[:80]!r} leads out of the image store")
        return path


def _write_whole(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{fresh_id()}")
    try:
        with aside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        _sync_folder(path.parent)
    finally:
        aside.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
