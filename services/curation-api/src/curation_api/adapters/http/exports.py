"""Routes that give away what people made: votes as a data set, images with all that is known of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, closing
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import StringConstraints
from starlette.responses import StreamingResponse

from carnival.contracts.ids import RunId
from carnival.images.port import ImageStore
from curation_api.adapters.exported_pictures import Pictures, pictures, with_file
from curation_api.adapters.http.downloads import Downloads
from curation_api.adapters.http.images import Metadata
from curation_api.adapters.http.parameters import INTEGER_MAX
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.image_archive import ImageArchive
from curation_api.adapters.preference_files import JsonLines, Parquet, PreferenceFile, PreferenceFormat, preference_file
from curation_api.adapters.read_model.candidates import GalleryState
from curation_api.application.exports.export_images import WantedImages
from curation_api.application.exports.export_preferences import WantedPreferences
from curation_api.application.views.exported_image import ExportedImage
from curation_api.application.views.preference import PreferenceRow
from curation_api.domain.export_refusals import BadFractions, DownloadsFull, ParquetAbsent
from curation_api.domain.preference import Fractions, Split
from curation_api.domain.refusals import RunUnknown

RUNS_MAX = 100
ZIP = "application/zip"

RunIds = Annotated[
    list[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]] | None,
    Query(max_length=RUNS_MAX, description="These runs only; may be given several times."),
]
Fraction = Annotated[float, Query(ge=0, le=1, allow_inf_nan=False)]


class _Rows(StreamingResponse):
    """Names the media type for the documentation."""

    media_type = JsonLines.media_type


class PreferenceQuery:
    """Which votes, and how they are split, as query parameters."""

    def __init__(
        self,
        run_id: RunIds = None,
        step: Annotated[int | None, Query(ge=1, le=INTEGER_MAX)] = None,
        split: Annotated[Split | None, Query(description="Runs of this split only.")] = None,
        validation: Annotated[Fraction, Query(description="Part of all runs that is held out for validation.")] = 0.1,
        test: Annotated[Fraction, Query(description="Part of all runs that is held out for the test.")] = 0.1,
        both_bad: Annotated[bool, Query(description="Also votes without a preference, with has_label false.")] = False,
        guests: Annotated[bool, Query(description="Also votes of guests that were not merged.")] = False,
    ) -> None:
        self._run_ids = run_id
        self._guests = guests
        self._step = step
        self.split = split
        self._fractions = (validation, test)
        self._both_bad = both_bad

    def wanted(self, parts: Parts) -> WantedPreferences:
        """Raises BadFractions."""
        validation, test = self._fractions
        return WantedPreferences(
            run_ids=_run_ids(self._run_ids),
            step=self._step,
            split=self.split,
            fractions=Fractions(validation=validation, test=test),
            both_bad=self._both_bad,
            guests=self._guests,
            up_to=parts.projection.position,
        )


class ImageFormat(StrEnum):
    ZIP = "zip"
    JSONL = "jsonl"


class ImageQuery:
    """Which images, as query parameters."""

    def __init__(
        self,
        run_id: RunIds = None,
        step: Annotated[int | None, Query(ge=1, le=INTEGER_MAX)] = None,
        status: Annotated[GalleryState | None, Query(description="All of them if absent.")] = None,
        top: Annotated[
            int | None,
            Query(ge=1, le=INTEGER_MAX, description="So many of the best of each step of each run, ties to the older."),
        ] = None,
    ) -> None:
        self._run_ids = run_id
        self._step = step
        self._status = status
        self._top = top

    def wanted(self, parts: Parts) -> WantedImages:
        return WantedImages(
            run_ids=_run_ids(self._run_ids),
            step=self._step,
            state=self._status,
            top=self._top,
            up_to=parts.projection.position,
        )


def export_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api/exports", tags=["exports"], dependencies=[Depends(parts.at_least)])
    downloads = Downloads()
    _add_preferences(router, parts, downloads)
    _add_images(router, parts, downloads)
    return router


def _add_preferences(router: APIRouter, parts: Parts, downloads: Downloads) -> None:
    @router.get(
        "/preferences",
        summary="Votes as a preference data set in the columns of Pick-a-Pic",
        response_class=_Rows,
        responses={
            **problem_responses(RunUnknown, BadFractions, ParquetAbsent, DownloadsFull),
            200: {
                "model": PreferenceRow,
                "description": "A row a vote: JSON Lines, or the same columns as Parquet",
                "content": {Parquet.media_type: {}},
            },
        },
    )
    async def export_preferences(
        query: Annotated[PreferenceQuery, Depends()],
        kind: Annotated[PreferenceFormat, Query(alias="format")] = PreferenceFormat.JSONL,
        images: Annotated[Pictures, Query(description="What jpg_0 and jpg_1 hold.")] = Pictures.NONE,
    ) -> StreamingResponse:
        """A row a vote that stands, with prompt, both images and what was preferred. Rows are sent as they are read."""
        wanted = query.wanted(parts)
        file = preference_file(kind)
        rows = parts.exports.preferences(wanted, pictures(images, parts.images.store))
        return await downloads.answer(
            _written(rows, file),
            name=f"preferences{f'-{query.split}' if query.split else ''}.{kind}",
            media_type=file.media_type,
            headers={"Carnival-Projected": str(wanted.up_to)},
        )

    _ = export_preferences


def _add_images(router: APIRouter, parts: Parts, downloads: Downloads) -> None:
    @router.get(
        "/images",
        summary="Images with all that is known of them, as a zip archive with a manifest, or the manifest alone",
        response_class=_Rows,
        responses={
            **problem_responses(RunUnknown, DownloadsFull),
            200: {
                "model": ExportedImage,
                "description": "The archive, its manifest.jsonl at its end; or a line an image",
                "content": {ZIP: {}},
            },
        },
    )
    async def export_images(
        query: Annotated[ImageQuery, Depends()],
        kind: Annotated[ImageFormat, Query(alias="format")] = ImageFormat.ZIP,
        metadata: Annotated[
            Metadata, Query(description="`strip` leaves prompt and workflow out of the archive's files.")
        ] = Metadata.KEEP,
    ) -> StreamingResponse:
        """Every file at its path below the image root, unchanged or the same pixels without metadata.

        One without a file is listed with the reason.
        """
        wanted = query.wanted(parts)
        pages = parts.exports.images(wanted)
        archived = kind is ImageFormat.ZIP
        return await downloads.answer(
            _archived(pages, parts.images.store, bare=metadata is Metadata.STRIP) if archived else _listed(pages),
            name=f"images.{kind}",
            media_type=ZIP if archived else JsonLines.media_type,
            headers={"Carnival-Projected": str(wanted.up_to)},
        )

    _ = export_images


async def _archived(
    pages: AsyncGenerator[Sequence[ExportedImage]], store: ImageStore, *, bare: bool
) -> AsyncGenerator[bytes]:
    with closing(ImageArchive()) as archive:
        async with aclosing(pages):
            async for page in pages:
                for image in page:
                    yield await asyncio.to_thread(archive.add, *await with_file(store, image, bare=bare))
        for piece in archive.end():
            yield piece


async def _listed(pages: AsyncGenerator[Sequence[ExportedImage]]) -> AsyncGenerator[bytes]:
    async with aclosing(pages):
        async for page in pages:
            yield b"".join(image.model_dump_json().encode() + b"\n" for image in page)


async def _written(batches: AsyncGenerator[Sequence[PreferenceRow]], file: PreferenceFile) -> AsyncGenerator[bytes]:
    async with aclosing(batches):
        async for rows in batches:
            yield await asyncio.to_thread(file.add, rows)
    yield await asyncio.to_thread(file.end)


def _run_ids(given: Sequence[str] | None) -> Sequence[RunId] | None:
    return None if given is None else [RunId(run_id) for run_id in given]
