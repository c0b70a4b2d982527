"""The image files (IMG-1)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header
from starlette.responses import Response, StreamingResponse

from carnival.contracts.ids import CandidateId
from carnival.images.port import ImageMissing, UnsafePlace, stream
from curation_api.adapters.http.parameters import IdPath
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.read_model.candidates import StoredFile
from curation_api.domain.refusals import (
    CandidateUnknown,
    ImageAbsent,
)

CACHE = "public, max-age=31536000, immutable"
SHOWN_TYPES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"})

_DOCUMENTED = {
    200: {"content": {"image/png": {}, "image/jpeg": {}, "image/webp": {}}, "description": "The original, unchanged"},
    304: {"description": "The client has it"},
}


def image_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api/candidates", tags=["candidates"], dependencies=[Depends(parts.at_least)])

    @router.get(
        "/{candidate_id}/image",
        summary="The candidate's image",
        response_class=Response,
        responses={**problem_responses(CandidateUnknown, ImageAbsent), **_DOCUMENTED},
    )
    async def show_image(
        candidate_id: IdPath, if_none_match: Annotated[str | None, Header(max_length=2000)] = None
    ) -> Response:
        """The original file, unchanged. It never changes, so caches may keep it for ever."""
        file = await parts.queries.candidates.stored(CandidateId(candidate_id))
        if file is None:
            raise CandidateUnknown(f"There is no candidate {candidate_id}")
        if file.discarded:
            raise ImageAbsent("The original was dropped from the store", discarded=True)
        try:
            return await _answer(parts, file, if_none_match)
        except (ImageMissing, UnsafePlace) as error:
            raise ImageAbsent("The image is not in the store") from error

    _ = show_image
    return router


async def _answer(parts: Parts, file: StoredFile, if_none_match: str | None) -> Response:
    """Raises ImageMissing, UnsafePlace."""
    size = await parts.images.size(file.place)
    headers = {"ETag": f'"{file.sha256}"', "Cache-Control": CACHE}
    if _has_it(file.sha256, if_none_match):
        return Response(status_code=304, headers=headers)
    media_type = file.media_type if file.media_type in SHOWN_TYPES else "application/octet-stream"
    pieces = stream(parts.images, file.place, 0, size)
    return StreamingResponse(pieces, media_type=media_type, headers={**headers, "Content-Length": str(size)})


def _has_it(sha256: str, if_none_match: str | None) -> bool:
    tags = {tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")}
    return "*" in tags or f'"{sha256}"' in tags
