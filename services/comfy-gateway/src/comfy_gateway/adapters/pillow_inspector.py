"""Images are decoded once before they are stored: a broken file never becomes a candidate."""

from __future__ import annotations

import asyncio
import io
from typing import Final

from PIL import Image, UnidentifiedImageError

from comfy_gateway.adapters.pixel_hash import hash_of_pixels
from comfy_gateway.application.ports import BadImage, ImageTooLarge, Picture

MEDIA_TYPES: Final = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
AT_ONCE_MAX: Final = 2


class PillowInspector:
    """Implements `Inspector`."""

    def __init__(self, pixels_max: int) -> None:
        self._pixels_max = pixels_max
        self._free = asyncio.Semaphore(AT_ONCE_MAX)
        # Our own limit is checked as soon as the header is read; Pillow's lower one would only warn.
        Image.MAX_IMAGE_PIXELS = None

    async def inspect(self, data: bytes) -> Picture:
        async with self._free:
            return await asyncio.to_thread(self._decode, data)

    def _decode(self, data: bytes) -> Picture:
        try:
            with Image.open(io.BytesIO(data), formats=list(MEDIA_TYPES)) as image:
                width, height = image.size
                media_type = MEDIA_TYPES[image.format or ""]
                if width * height > self._pixels_max:
                    raise ImageTooLarge(f"it has {width} x {height} pixels, more than {self._pixels_max}")
                image.verify()
            with Image.open(io.BytesIO(data), formats=list(MEDIA_TYPES)) as image:
                pixel_sha256 = hash_of_pixels(image)
        except UnidentifiedImageError as error:
            raise BadImage("The file is no PNG, JPEG or WebP image") from error
        except (OSError, SyntaxError, ValueError, KeyError) as error:
            raise BadImage(f"The image is broken: {error}") from error
        return Picture(width, height, media_type, pixel_sha256)
