"""Thumbnails by Pillow, in threads that leave the processor to everything else."""

from __future__ import annotations

import asyncio
import io
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from curation_api.application.ports import BadPicture

THREADS: Final = 2
NICENESS: Final = 10
QUALITY: Final = 82
METHOD: Final = 4
FORMATS: Final = ("PNG", "JPEG", "WEBP")
SIXTEEN_TO_EIGHT_BITS: Final = 1 / 256


class PillowShrinker:
    """Implements `Shrinker`. Use it as a context: it owns threads."""

    def __init__(self) -> None:
        # The size in the header is compared with the registered one, which the gateway has limited.
        Image.MAX_IMAGE_PIXELS = None
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="thumbnails", initializer=_be_nice)

    def close(self) -> None:
        """Wait for what is being made."""
        self._threads.shutdown(cancel_futures=True)

    async def shrink(self, data: bytes, width: int, height: int, sizes: Sequence[int]) -> Mapping[int, bytes]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _shrunk, data, (width, height), sizes)


def _be_nice() -> None:
    """On Linux each thread has a priority of its own: requests and votes come first."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


def _shrunk(data: bytes, registered: tuple[int, int], sizes: Sequence[int]) -> dict[int, bytes]:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as file:
            if file.size != registered:
                raise BadPicture(f"The file holds {file.size} pixels instead of {registered}")
            file.draft("RGB", (max(sizes), max(sizes)))
            picture = _in_eight_bits(file)
    except UnidentifiedImageError as error:
        raise BadPicture("The file is no PNG, JPEG or WebP image") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise BadPicture(f"The image is broken: {error}") from error
    # From large to small: each size is made from the one before.
    made: dict[int, bytes] = {}
    for size in sorted(sizes, reverse=True):
        picture.thumbnail((size, size), Image.Resampling.LANCZOS, reducing_gap=3.0)
        made[size] = _encoded(picture)
    return dict(sorted(made.items()))


def _in_eight_bits(file: Image.Image) -> Image.Image:
    """The pixels upright, as RGB or RGBA; the colour profile stays with them."""
    picture = ImageOps.exif_transpose(file)
    profile = file.info.get("icc_profile") if picture.mode in {"RGB", "RGBA", "P"} else None
    if picture.mode.startswith("I"):
        picture = picture.point(lambda value: value * SIXTEEN_TO_EIGHT_BITS).convert("L")
    picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.info = {"icc_profile": profile} if profile else {}
    return picture


def _encoded(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=QUALITY, method=METHOD, icc_profile=picture.info.get("icc_profile", b""))
    return file.getvalue()
