"""How much more fits into the image store."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from opentelemetry.metrics import Observation

from carnival.configuration.service import ImageStoreSettings
from carnival.images.opening import folder_of
from carnival.telemetry.catalogue.several_services import IMAGES_FREE
from carnival.telemetry.sampling import Samples, Source


def image_room(settings: ImageStoreSettings) -> Source:
    """Of a folder, the room on its disk; nothing of a bucket, or while the folder does not exist yet."""
    folder = folder_of(settings)

    async def read() -> Samples:
        free = await asyncio.to_thread(_free, folder) if folder else None
        return {IMAGES_FREE: [] if free is None else [Observation(free)]}

    return Source("image-room", (IMAGES_FREE,), read)


def _free(folder: Path) -> int | None:
    return shutil.disk_usage(folder).free if folder.is_dir() else None
