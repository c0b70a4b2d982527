"""The image store as files below one root."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import stat
import time
from pathlib import Path
from typing import Final

from carnival.contracts.ids import fresh_id
from carnival.images.port import LEFT_BEHIND_SECONDS, ImageMissing, StoreFailed, UnsafePlace, checked_place

_ASIDE: Final = re.compile(r"\..+\.[0-9a-f]{32}")


class FileImageStore:
    """Implements `ImageStore`. A file appears whole or not at all: written aside, synced, read back, renamed."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    async def put(self, place: str, data: bytes) -> str:
        return await asyncio.to_thread(_write_whole, self.path_of(place), data)

    async def get(self, place: str) -> bytes:
        try:
            return await asyncio.to_thread(self.path_of(place).read_bytes)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise ImageMissing(place) from error

    async def read(self, place: str, start: int, end: int) -> bytes:
        try:
            return await asyncio.to_thread(_read_part, self.path_of(place), start, end)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise ImageMissing(place) from error

    async def size(self, place: str) -> int:
        try:
            found = await asyncio.to_thread(self.path_of(place).stat)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise ImageMissing(place) from error
        if not stat.S_ISREG(found.st_mode):
            raise ImageMissing(place)
        return found.st_size

    async def exists(self, place: str) -> bool:
        return await asyncio.to_thread(self.path_of(place).is_file)

    async def delete(self, place: str) -> None:
        await asyncio.to_thread(_remove, self.path_of(place))

    async def sweep(self) -> int:
        return await asyncio.to_thread(_sweep, self._root, time.time() - LEFT_BEHIND_SECONDS)

    def path_of(self, place: str) -> Path:
        """The file behind a place; it need not exist. Raises UnsafePlace."""
        path = self._root / checked_place(place)
        if not path.resolve().is_relative_to(self._root):
            raise UnsafePlace(f"{place[:80]!r} leads out of the image store")
        return path


def _write_whole(path: Path, data: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = aside_of(path)
    digest = hashlib.sha256(data).hexdigest()
    try:
        with aside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with aside.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                raise StoreFailed(f"The file system did not keep what was written to {path.name!r}")
        aside.replace(path)
        _sync_folder(path.parent)
    finally:
        aside.unlink(missing_ok=True)
    return digest


def aside_of(path: Path) -> Path:
    """Where the bytes of a file wait until they are complete: a hidden name that no image has."""
    return path.with_name(f".{path.name}.{fresh_id()}")


def _sweep(root: Path, before: float) -> int:
    """Remove the files aside that were not touched since `before`, in Unix seconds."""
    swept = 0
    for folder, _, names in os.walk(root):
        for path in (Path(folder, name) for name in names if _ASIDE.fullmatch(name)):
            try:
                if path.stat().st_mtime < before:
                    path.unlink()
                    swept += 1
            except FileNotFoundError:
                continue
    return swept


def _read_part(path: Path, start: int, end: int) -> bytes:
    with path.open("rb") as file:
        file.seek(start)
        return file.read(end - start)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except NotADirectoryError:
        return
    if path.parent.is_dir():
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
