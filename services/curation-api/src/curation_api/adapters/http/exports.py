"""Routes that give away what people made: votes as a data set, images with all that is known of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, closing
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query
from starlette.responses import StreamingResponse

from carnival.contracts.ids import RunId
from carnival.images.port import ImageStore
from curation_api.adapters.exported_pictures import pictures, with_file
from curation_api.adapters.http.downloads import Downloads
from curation_api.adapters.http.events import EntriesQuery
from curation_api.adapters.http.export_queries import ImageFormat, ImageQuery, NamedImages, PreferenceQuery
from curation_api.adapters.http.images import Metadata
from curation_api.adapters.http.parameters import Id, Sender
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.image_archive import ImageArchive
from curation_api.adapters.log_page import log_views
from curation_api.adapters.preference_files import JsonLines, Parquet, PreferenceFile, json_lines, preference_file
from curation_api.application.exports.export_images import WantedImages
from curation_api.application.known import known_run
from curation_api.application.views.exported_image import ExportedImage
from curation_api.application.views.monitoring import EventView
from curation_api.application.views.preference import PreferenceRow
from curation_api.domain.export_refusals import BadFractions, DownloadsFull, ParquetAbsent
from curation_api.domain.refusals import RunUnknown

ZIP = "application/zip"


class _Rows(StreamingResponse):
    """Names the media type for the documentation."""

    media_type = JsonLines.media_type


def export_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api/exports", tags=["exports"], dependencies=[Depends(parts.at_least)])
    downloads = Downloads()
    _add_preferences(router, parts, downloads)
    _add_images(router, parts, downloads)
    _add_events(router, parts, downloads)
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
        query: Annotated[PreferenceQuery, Query()],
    ) -> StreamingResponse:
        """A row a vote that stands, with prompt, both images and what was preferred. Rows are sent as they are read."""
        wanted = query.wanted(parts.projection.position)
        file = preference_file(query.format)
        rows = parts.exports.preferences(wanted, pictures(query.images, parts.images.store))
        return await downloads.answer(
            _written(rows, file),
            name=f"preferences{f'-{query.split}' if query.split else ''}.{query.format}",
            media_type=file.media_type,
            headers={"Carnival-Projected": str(wanted.up_to)},
        )

    _ = export_preferences


def _add_images(router: APIRouter, parts: Parts, downloads: Downloads) -> None:
    described: dict[str, Any] = {
        "response_class": _Rows,
        "responses": {
            **problem_responses(RunUnknown, DownloadsFull),
            200: {
                "model": ExportedImage,
                "description": "The archive, its manifest.jsonl at its end; or a line an image",
                "content": {ZIP: {}},
            },
        },
    }

    async def sent(wanted: WantedImages, asked: ImageQuery | NamedImages) -> StreamingResponse:
        pages = parts.exports.images(wanted)
        archived, bare = asked.format is ImageFormat.ZIP, asked.metadata is Metadata.STRIP
        return await downloads.answer(
            _archived(pages, parts.images.store, bare=bare) if archived else _listed(pages),
            name=f"images.{asked.format}",
            media_type=ZIP if archived else JsonLines.media_type,
            headers={"Carnival-Projected": str(wanted.up_to)},
        )

    @router.get(
        "/images",
        summary="Images with all that is known of them, as a zip archive with a manifest, or the manifest alone",
        **described,
    )
    async def export_images(query: Annotated[ImageQuery, Query()]) -> StreamingResponse:
        """Every file at its path below the image root, unchanged or the same pixels without metadata.

        One without a file is listed with the reason.
        """
        return await sent(query.wanted(parts.projection.position), query)

    @router.post("/images", summary="The same of images that are named one by one", **described)
    async def export_named_images(form: Annotated[NamedImages, Form()]) -> StreamingResponse:
        """For more images than an address has room for; ids that nobody knows are left out."""
        position = parts.projection.position
        known = await parts.readers.candidates.states(form.ids)
        return await sent(form.wanted({one.run_id for one in known.values()}, position), form)

    _ = (export_images, export_named_images)


def _add_events(router: APIRouter, parts: Parts, downloads: Downloads) -> None:
    @router.get(
        "/events",
        summary="The log, or what of it is asked for, as a file",
        response_class=_Rows,
        responses={
            **problem_responses(RunUnknown, DownloadsFull),
            200: {"model": EventView, "description": "A line an entry, in the order of the log"},
        },
    )
    async def export_events(
        sender: Sender, query: Annotated[EntriesQuery, Query()], run_id: Id | None = None
    ) -> StreamingResponse:
        """Every entry as the pages of the log show it, up to the end that the log has now."""
        run = await known_run(parts.readers.runs, RunId(run_id)) if run_id else None
        wanted = query.within(run and run.run_id, sender)
        return await downloads.answer(
            _logged(log_views(parts.log, wanted, after=query.start)),
            name="events.jsonl",
            media_type=JsonLines.media_type,
            headers={"Carnival-Projected": str(parts.projection.position)},
        )

    _ = export_events


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


async def _logged(batches: AsyncGenerator[Sequence[EventView]]) -> AsyncGenerator[bytes]:
    async with aclosing(batches):
        async for views in batches:
            yield await asyncio.to_thread(json_lines, views)


async def _listed(pages: AsyncGenerator[Sequence[ExportedImage]]) -> AsyncGenerator[bytes]:
    async with aclosing(pages):
        async for page in pages:
            yield json_lines(page)


async def _written(batches: AsyncGenerator[Sequence[PreferenceRow]], file: PreferenceFile) -> AsyncGenerator[bytes]:
    async with aclosing(batches):
        async for rows in batches:
            yield await asyncio.to_thread(file.add, rows)
    yield await asyncio.to_thread(file.end)
