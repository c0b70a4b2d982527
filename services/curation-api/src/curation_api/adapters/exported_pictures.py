"""Image bytes as they go into an export."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from io import BytesIO
from typing import Final

from PIL import Image, UnidentifiedImageError

from carnival.images.port import ImageMissing, ImageStore, UnsafePlace
from curation_api.application.export_preferences import ImageOf

JPEG_QUALITY: Final = 92


class Pictures(StrEnum):
    NONE = "none"
    JPEG = "jpeg"
    ORIGINAL = "original"


def pictures(kind: Pictures, store: ImageStore) -> ImageOf | None:
    """How an export reads images; None if it leaves them out."""
    match kind:
        case Pictures.NONE:
            return None
        case Pictures.ORIGINAL:
            return lambda place: _original(store, place)
        case Pictures.JPEG:
            return lambda place: _jpeg(store, place)


async def _original(store: ImageStore, place: str) -> bytes | None:
    try:
        return await store.get(place)
    except (ImageMissing, UnsafePlace):
        return None


async def _jpeg(store: ImageStore, place: str) -> bytes | None:
    data = await _original(store, place)
    return None if data is None else await asyncio.to_thread(as_jpeg, data)


def as_jpeg(data: bytes) -> bytes | None:
    """The picture as JPEG, transparent parts on white; a JPEG stays as it is. None for what is no picture."""
    try:
        with Image.open(BytesIO(data)) as picture:
            if picture.format == "JPEG":
                return data
            opaque = Image.new("RGB", picture.size, "white")
            clear = picture.convert("RGBA")
            opaque.paste(clear, mask=clear.getchannel("A"))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return None
    written = BytesIO()
    opaque.save(written, "JPEG", quality=JPEG_QUALITY)
    return written.getvalue()
