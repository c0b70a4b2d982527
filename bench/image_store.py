"""1,000 images of 4 MB into the image store and out again: memory must stay flat.

Memory is the resident size of this process, read after each image. The baseline writes and syncs the same bytes as
plain files and reads them back; the store also hashes them twice and makes each file appear whole. `--s3` takes a local
S3 server instead of files: its figures say more about that server.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fixtures.s3 import environment_of_bucket, running_s3

from carnival.configuration import read_settings
from carnival.configuration.service import ImageStoreSettings
from carnival.images.opening import open_image_store
from carnival.images.port import ImageStore, stream

MEGABYTE = 1_000_000
TENTHS = 10


async def main(images: int, megabytes: float, *, s3: bool) -> None:
    data = random.Random(1).randbytes(int(megabytes * MEGABYTE))
    with tempfile.TemporaryDirectory() as folder:
        baseline = await _measured(images, lambda number: asyncio.to_thread(_copy, Path(folder), number, data))
        if s3:
            with running_s3(Path(folder) / "s3.log") as url:
                await _report(environment_of_bucket(url), images, data, baseline)
        else:
            await _report({"IMAGE_STORE": f"file://{folder}/store"}, images, data, baseline)


async def _report(environment: dict[str, str], images: int, data: bytes, baseline: tuple[float, list[int]]) -> None:
    store = open_image_store(read_settings(ImageStoreSettings, environment))
    seconds, sizes = await _measured(images, lambda number: _through(store, number, data))
    tenth = max(1, len(sizes) // TENTHS)
    volume = images * len(data) / MEGABYTE
    print(f"stored and fetched: {volume / seconds:.0f} MB/s, plain files: {volume / baseline[0]:.0f} MB/s")
    print(f"memory of the last tenth / of the first: {median(sizes[-tenth:]) / median(sizes[:tenth]):.3f} (goal: 1.05)")
    print(f"peak memory / memory of the first tenth: {max(sizes) / median(sizes[:tenth]):.3f} (goal: 1.2)")
    print(f"time / time of plain files: {seconds / baseline[0]:.2f}")


async def _measured(images: int, once: Callable[[int], Awaitable[None]]) -> tuple[float, list[int]]:
    """Seconds for all images, and the resident bytes after each."""
    process = psutil.Process()
    sizes: list[int] = []
    began = time.perf_counter()
    for number in range(images):
        await once(number)
        sizes.append(process.memory_info().rss)
    return time.perf_counter() - began, sizes


async def _through(store: ImageStore, number: int, data: bytes) -> None:
    """Stored whole and fetched in pieces, as the gateway and the API do it; then deleted, so that no disk fills up."""
    place = f"run/step/{number}.png"
    await store.put(place, data)
    fetched = 0
    async for piece in stream(store, place, 0, await store.size(place)):
        fetched += len(piece)
    if fetched != len(data):
        raise RuntimeError(f"{place} came back with {fetched} bytes")
    await store.delete(place)


def _copy(folder: Path, number: int, data: bytes) -> None:
    path = folder / f"{number}.plain"
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if len(path.read_bytes()) != len(data):
        raise RuntimeError(f"{path} came back shorter")
    path.unlink()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--megabytes", type=float, default=4.0, help="size of one image")
    parser.add_argument("--s3", action="store_true", help="a bucket of a local S3 server instead of files")
    asked = parser.parse_args()
    asyncio.run(main(asked.images, asked.megabytes, s3=asked.s3))
