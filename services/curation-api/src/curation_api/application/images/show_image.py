"""Which bytes show a candidate: its original, the original without metadata, or a thumbnail (IMG-1)."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Final

from carnival.images.port import ImageMissing, ImageStore, UnsafePlace, stream
from curation_api.application.images.thumbnails import Thumbnails
from curation_api.application.ports import BadPicture
from curation_api.domain.bare_picture import Part, Span, UnreadablePicture, bare_parts
from curation_api.domain.image_refusals import ImageAbsent, ImageDamaged, ImagesUnavailable
from curation_api.domain.thumbnail import MEDIA_TYPE, Original, place_of_thumbnail

BARED_AT_ONCE_MAX: Final = 2
BARED_KEPT_MAX: Final = 2000
ALL_FAILURES: Final = (ImageMissing, UnsafePlace, BadPicture, UnreadablePicture, OSError)


@dataclass(frozen=True, slots=True)
class Content:
    """Some bytes, known by their parts: literal ones, and stretches of the file at `place`."""

    images: ImageStore
    place: str
    media_type: str
    etag: str
    parts: Sequence[Part]

    @property
    def size(self) -> int:
        return sum(len(part) for part in self.parts)

    async def read(self, start: int, end: int) -> AsyncGenerator[bytes]:
        """The bytes from `start` up to `end`, a piece at a time."""
        before = 0
        for part in self.parts:
            first, last = max(start - before, 0), min(end - before, len(part))
            before += len(part)
            if first >= last:
                continue
            if isinstance(part, Span):
                async for piece in stream(self.images, self.place, part.start + first, part.start + last):
                    yield piece
            else:
                yield part[first:last]


class ShowImage:
    """Every method raises ImageAbsent, ImageDamaged or ImagesUnavailable."""

    def __init__(self, images: ImageStore, thumbnails: Thumbnails) -> None:
        self._images = images
        self._thumbnails = thumbnails
        self._bared: OrderedDict[str, Sequence[Part]] = OrderedDict()
        self._free = asyncio.Semaphore(BARED_AT_ONCE_MAX)

    async def original(self, original: Original, media_type: str) -> Content:
        try:
            whole = Span(0, await self._images.size(original.place))
        except ALL_FAILURES as error:
            raise _refusal(error) from error
        return Content(self._images, original.place, media_type, original.sha256, (whole,))

    async def bare(self, original: Original, media_type: str) -> Content:
        """The same pixels without prompt, workflow and other metadata."""
        try:
            await self._images.size(original.place)
            parts = self._bared.get(original.sha256) or await self._bare(original, media_type)
        except ALL_FAILURES as error:
            raise _refusal(error) from error
        return Content(self._images, original.place, media_type, f"{original.sha256}-bare", parts)

    async def thumbnail(self, original: Original, size: int) -> Content:
        """Made now if it is not there yet."""
        place = place_of_thumbnail(original.sha256, size)
        try:
            try:
                whole = Span(0, await self._images.size(place))
            except ImageMissing:
                await self._thumbnails.make(original)
                whole = Span(0, await self._images.size(place))
        except ALL_FAILURES as error:
            raise _refusal(error) from error
        return Content(self._images, place, MEDIA_TYPE, f"{original.sha256}-{size}", (whole,))

    async def _bare(self, original: Original, media_type: str) -> Sequence[Part]:
        async with self._free:
            data = await self._images.get(original.place)
            parts = await asyncio.to_thread(bare_parts, data, media_type)
        self._bared[original.sha256] = parts
        if len(self._bared) > BARED_KEPT_MAX:
            self._bared.popitem(last=False)
        return parts


def _refusal(error: Exception) -> ImageAbsent | ImageDamaged | ImagesUnavailable:
    match error:
        case ImageMissing() | UnsafePlace():
            return ImageAbsent("The image is not in the store")
        case BadPicture() | UnreadablePicture():
            return ImageDamaged(str(error))
        case _:
            return ImagesUnavailable("The image store does not answer; try again")
