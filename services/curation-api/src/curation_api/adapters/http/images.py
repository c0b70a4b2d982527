"""The image files (IMG-1)."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePosixPath
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from carnival.contracts.ids import CandidateId
from curation_api.adapters.http.parameters import IdPath
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.plain_digits import PLAIN_DIGITS
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.serving import Representation, answer
from curation_api.adapters.read_model.candidates import StoredFile
from curation_api.application.images.show_image import Content
from curation_api.application.known import known
from curation_api.domain.image_refusals import (
    BadRange,
    ImageAbsent,
    ImageDamaged,
    ImageDropped,
    ImagesUnavailable,
)
from curation_api.domain.refusals import CandidateUnknown
from curation_api.domain.thumbnail import SIZES, SUFFIX, Original, fitting_size

SHOWN_TYPES = frozenset({"image/png", "image/jpeg", "image/webp"})
WIDTH_MAX = 65535

_BYTES: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_IMAGES = dict.fromkeys((*sorted(SHOWN_TYPES), "application/octet-stream"), _BYTES)
_DOCUMENTED: dict[int | str, dict[str, Any]] = {
    200: {"content": _IMAGES, "description": "The whole file"},
    206: {"content": _IMAGES, "description": "The range that was asked for"},
    304: {"description": "The client has it"},
}

Width = Annotated[int | None, Query(ge=1, le=WIDTH_MAX, description="Pixels the picture is shown at."), PLAIN_DIGITS]
Download = Annotated[bool, Query(description="Ask the browser to save the file.")]


class Metadata(StrEnum):
    KEEP = "keep"
    STRIP = "strip"


def image_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api/candidates", tags=["candidates"], dependencies=[Depends(parts.at_least)])

    async def show_image(
        request: Request,
        candidate_id: IdPath,
        width: Width = None,
        metadata: Annotated[Metadata, Query(description="strip: the same pixels without prompt and workflow.")] = (
            Metadata.KEEP
        ),
        download: Download = False,
    ) -> Response:
        """The original, unchanged; with `width` the smallest thumbnail at least that wide, if there is one. Of a
        discarded original the thumbnails are left."""
        return answer(request, await shown_at(parts, candidate_id, width, metadata), download=download)

    async def show_thumbnail(
        request: Request, candidate_id: IdPath, width: Width = None, download: Download = False
    ) -> Response:
        """A small WebP without metadata: at least `width` pixels wide if there is one, else the largest; without
        `width` the smallest."""
        file = await _known(parts, candidate_id)
        size = (fitting_size(file.width, file.height, width) or SIZES[-1]) if width else SIZES[0]
        content = await _content(parts, file, size, Metadata.STRIP)
        return answer(request, _representation(content, file, size), download=download)

    described = {
        **problem_responses(CandidateUnknown, ImageAbsent, ImageDamaged, ImageDropped, BadRange, ImagesUnavailable),
        **_DOCUMENTED,
    }
    for path, endpoint, summary in (
        ("/{candidate_id}/image", show_image, "The candidate's image"),
        ("/{candidate_id}/thumbnail", show_thumbnail, "The candidate's image, small"),
    ):
        common: dict[str, Any] = {"response_class": Response, "responses": described, "summary": summary}
        router.add_api_route(path, endpoint, methods=["GET"], **common)
        router.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False, **common)
    return router


async def shown_at(parts: Parts, candidate_id: str, width: int | None, metadata: Metadata) -> Representation:
    """The original, or with `width` the smallest thumbnail at least that wide.

    Raises CandidateUnknown, ImageDropped, and what ShowImage raises.
    """
    file = await _known(parts, candidate_id)
    size = fitting_size(file.width, file.height, width) if width else None
    if width and file.discarded:
        size = size or SIZES[-1]
    return _representation(await _content(parts, file, size, metadata), file, size)


async def _known(parts: Parts, candidate_id: str) -> StoredFile:
    file = await parts.readers.candidates.stored(CandidateId(candidate_id))
    return known(file, CandidateUnknown, f"candidate {candidate_id}")


async def _content(parts: Parts, file: StoredFile, size: int | None, metadata: Metadata) -> Content:
    """Raises ImageDropped, and what ShowImage raises."""
    original = Original(place=file.place, sha256=file.sha256, width=file.width, height=file.height)
    if size is not None:
        return await parts.images.show.thumbnail(original, size)
    if file.discarded:
        raise ImageDropped("The original was discarded; its thumbnails are left", discarded=True)
    if metadata is Metadata.STRIP:
        return await parts.images.show.bare(original, file.media_type)
    return await parts.images.show.original(original, file.media_type)


def _representation(content: Content, file: StoredFile, size: int | None) -> Representation:
    """Saved as run, step and file name; a thumbnail with its size."""
    path = PurePosixPath(file.place)
    name = "-".join((*path.parts[:-1], path.stem))
    return Representation(
        etag=content.etag,
        media_type=content.media_type if content.media_type in SHOWN_TYPES else "application/octet-stream",
        size=content.size,
        file_name=f"{name}-{size}.{SUFFIX}" if size else f"{name}{path.suffix}",
        read=content.read,
    )
