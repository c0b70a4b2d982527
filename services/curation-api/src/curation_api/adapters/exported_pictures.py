"""Image bytes as they go into an export."""

from __future__ import annotations

import asyncio
import hashlib
from enum import StrEnum
from io import BytesIO
from typing import Final

from PIL import Image, UnidentifiedImageError

from carnival.images.port import ImageMissing, ImageStore, UnsafePlace
from curation_api.application.exports.export_preferences import ImageOf
from curation_api.application.views.exported_image import Absence, ExportedImage

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


async def with_file(store: ImageStore, image: ExportedImage) -> tuple[ExportedImage, bytes | None]:
    """The image with its file's bytes, or saying why there are none: they are those that were made, or absent."""
    if image.absence is not None:
        return image, None
    data = await _original(store, image.place)
    if data is None:
        return _absent(image, Absence.MISSING), None
    if await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest()) != image.sha256:
        return _absent(image, Absence.DAMAGED), None
    return image, data


def _absent(image: ExportedImage, absence: Absence) -> ExportedImage:
    return image.model_copy(update={"absence": absence, "file": None, "file_sha256": None})


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
