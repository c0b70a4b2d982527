"""Thumbnails: made once from the original, kept in the image store, made again when they are missing."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Final

from carnival.concurrency import end_tasks
from carnival.images.port import ImageStore
from curation_api.application.ports import Shrinker
from curation_api.domain.thumbnail import SIZES, Original, place_of_thumbnail

AT_ONCE_MAX: Final = 2
LARGE_PIXELS: Final = 50_000_000


class Thumbnails:
    """Whoever asks for the same picture at the same time waits for one and the same making.

    Two originals are decoded at once, of those above 50 million pixels only one: memory stays bounded.
    """

    def __init__(self, images: ImageStore, shrinker: Shrinker) -> None:
        self._images = images
        self._shrinker = shrinker
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._free = asyncio.Semaphore(AT_ONCE_MAX)
        self._free_for_large = asyncio.Lock()

    async def make(self, original: Original) -> None:
        """All sizes lie in the store afterwards. Raises ImageMissing, UnsafePlace, OSError, BadPicture."""
        task = self._under_way.get(original.sha256)
        if task is None:
            task = asyncio.create_task(self._make(original), name="make-thumbnails")
            self._under_way[original.sha256] = task
            task.add_done_callback(lambda done: self._ended(original.sha256, done))
        await asyncio.shield(task)

    async def stop(self) -> None:
        """What is half made is dropped; it will be asked for again."""
        await end_tasks(self._under_way.values())

    async def _make(self, original: Original) -> None:
        async with AsyncExitStack() as room:
            if original.width * original.height > LARGE_PIXELS:
                await room.enter_async_context(self._free_for_large)
            await room.enter_async_context(self._free)
            places = {size: place_of_thumbnail(original.sha256, size) for size in SIZES}
            missing = [size for size, place in places.items() if not await self._images.exists(place)]
            if not missing:
                return
            data = await self._images.get(original.place)
            for size, picture in (await self._shrinker.shrink(data, original.width, original.height, missing)).items():
                await self._images.put(places[size], picture)

    def _ended(self, sha256: str, task: asyncio.Task[None]) -> None:
        del self._under_way[sha256]
        if not task.cancelled():
            # Whoever waits hears of the failure; this marks it as heard if nobody waits any more.
            task.exception()
