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
from curation_api.domain.bare_picture import Span, UnreadablePicture, bare_parts

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


async def with_file(store: ImageStore, image: ExportedImage, *, bare: bool) -> tuple[ExportedImage, bytes | None]:
    """The image with its file's bytes, or saying why there are none: they are those that were made, or absent.

    `bare`: the same pixels without prompt, workflow and other metadata.
    """
    if image.absence is not None:
        return image, None
    data = await _original(store, image.place)
    if data is None:
        return _absent(image, Absence.MISSING), None
    if await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest()) != image.sha256:
        return _absent(image, Absence.DAMAGED), None
    return await asyncio.to_thread(_bared, image, data) if bare else (image, data)


def _bared(image: ExportedImage, data: bytes) -> tuple[ExportedImage, bytes | None]:
    try:
        parts = bare_parts(data, image.media_type)
    except UnreadablePicture:
        return _absent(image, Absence.DAMAGED), None
    pixels = b"".join(data[part.start : part.end] if isinstance(part, Span) else part for part in parts)
    return image.model_copy(update={"file_sha256": hashlib.sha256(pixels).hexdigest()}), pixels


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
