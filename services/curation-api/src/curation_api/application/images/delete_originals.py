"""Discarded originals leave the store; what people look at, the thumbnails, is there before they go.

The event is the decision, this is its consequence: it may be cut off anywhere and done again.
"""

from __future__ import annotations

from typing import Final

import structlog

from carnival.contracts.candidate import ImagesDiscarded
from carnival.contracts.envelope import Recorded
from carnival.images.port import ImageMissing, ImageStore, UnsafePlace
from curation_api.application.images.thumbnails import Thumbnails
from curation_api.application.ports import BadPicture, Candidates, Projection
from curation_api.domain.refusals import ProjectionBehind
from curation_api.domain.thumbnail import Original

PATIENCE_SECONDS: Final = 10.0

_log = structlog.get_logger(__name__)


class DeleteOriginals:
    """Raises OSError when the image store does not answer, ProjectionBehind while the fold has no verdict: the work is
    to be tried again."""

    def __init__(
        self, images: ImageStore, thumbnails: Thumbnails, projection: Projection, candidates: Candidates
    ) -> None:
        self._images = images
        self._thumbnails = thumbnails
        self._projection = projection
        self._candidates = candidates

    async def __call__(self, discarded: Recorded[ImagesDiscarded]) -> None:
        """Only what the fold calls discarded is deleted: an image restored a moment before the event keeps its file."""
        if not await self._projection.reached(discarded.position, PATIENCE_SECONDS):
            raise ProjectionBehind("The read model does not show yet which images are discarded")
        for original in await self._candidates.discarded(discarded.event.candidate_ids):
            await self._delete(original)

    async def _delete(self, original: Original) -> None:
        try:
            await self._thumbnails.make(original)
        except ImageMissing:
            return
        except (UnsafePlace, BadPicture) as error:
            _log.warning(
                "A discarded image has no thumbnails",
                action="thumbnails_impossible",
                place=original.place,
                why=str(error),
            )
        try:
            await self._images.delete(original.place)
        except UnsafePlace as error:
            _log.error("An original cannot be deleted", action="delete_refused", place=original.place, why=str(error))
