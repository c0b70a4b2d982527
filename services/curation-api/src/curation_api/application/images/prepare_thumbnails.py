"""Thumbnails are made as soon as an image is registered, so that nobody waits at the first view."""

from __future__ import annotations

import structlog

from carnival.contracts.envelope import Recorded
from carnival.contracts.job import ImageProduced
from carnival.images.port import ImageMissing, UnsafePlace
from curation_api.application.images.thumbnails import Thumbnails
from curation_api.application.ports import BadPicture
from curation_api.domain.thumbnail import Original

_log = structlog.get_logger(__name__)


class PrepareThumbnails:
    """Raises OSError when the image store does not answer: the work is to be tried again."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        self._thumbnails = thumbnails

    async def __call__(self, produced: Recorded[ImageProduced]) -> None:
        image = produced.event.image
        try:
            await self._thumbnails.make(
                Original(place=image.place, sha256=image.sha256, width=image.width, height=image.height)
            )
        except (ImageMissing, UnsafePlace, BadPicture) as error:
            _log.warning(
                "An image has no thumbnails",
                action="thumbnails_impossible",
                candidate_id=produced.event.candidate_id,
                why=str(error),
            )
