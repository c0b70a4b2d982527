"""Routes that give away what people made: votes as a data set, images with all that is known of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import StringConstraints
from starlette.responses import StreamingResponse

from carnival.contracts.ids import RunId
from curation_api.adapters.exported_pictures import Pictures, pictures
from curation_api.adapters.http.downloads import Downloads
from curation_api.adapters.http.parameters import INTEGER_MAX
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.preference_files import JsonLines, Parquet, PreferenceFile, PreferenceFormat, preference_file
from curation_api.application.export_preferences import WantedPreferences
from curation_api.application.views.preference import PreferenceRow
from curation_api.domain.preference import Fractions, Split
from curation_api.domain.refusals import BadFractions, DownloadsFull, ParquetAbsent, RunUnknown

RUNS_MAX = 100

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
    ) -> None:
        self._run_ids = run_id
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
            up_to=parts.projection.position,
        )


def export_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api/exports", tags=["exports"], dependencies=[Depends(parts.at_least)])
    _add_preferences(router, parts, Downloads())
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
        rows = parts.queries.export_preferences(wanted, pictures(images, parts.images))
        return await downloads.answer(
            _written(rows, file),
            name=f"preferences{f'-{query.split}' if query.split else ''}.{kind}",
            media_type=file.media_type,
            headers={"Carnival-Projected": str(wanted.up_to)},
        )

    _ = export_preferences


async def _written(batches: AsyncGenerator[Sequence[PreferenceRow]], file: PreferenceFile) -> AsyncGenerator[bytes]:
    async with aclosing(batches):
        async for rows in batches:
            yield await asyncio.to_thread(file.add, rows)
    yield await asyncio.to_thread(file.end)


def _run_ids(given: Sequence[str] | None) -> Sequence[RunId] | None:
    return None if given is None else [RunId(run_id) for run_id in given]
