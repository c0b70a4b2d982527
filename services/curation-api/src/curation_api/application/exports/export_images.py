"""Images of an export with all that is known of them, a page at a time."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

from carnival.contracts.ids import CandidateId, Position, RunId
from curation_api.application.exports.exporting import ExportedRun, RunPages, check_runs, every_run
from curation_api.application.ports import Runs
from curation_api.application.views.exported_image import Absence, ExportedImage, RankedCandidate
from curation_api.application.views.run import ColumnRow

IMAGES_PER_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedImages:
    """What to export; None does not limit. `top`: so many of the best of each step of each run, ties to the older."""

    run_ids: Sequence[RunId] | None = None
    candidate_ids: Sequence[CandidateId] | None = None
    step: int | None = None
    state: str | None = None
    top: int | None = None
    up_to: Position


class RankedImages(RunPages, Protocol):
    async def ranked(
        self, run_id: RunId, step_order: int, wanted: WantedImages, *, after: Position, limit: int
    ) -> Sequence[RankedCandidate]:
        """Images of one column in the order of their making, behind `after`."""
        ...


class ExportImagesHandler:
    def __init__(self, runs: Runs, images: RankedImages) -> None:
        self._runs = runs
        self._images = images

    async def __call__(self, wanted: WantedImages) -> AsyncGenerator[Sequence[ExportedImage]]:
        """Run by run, step by step, in the order of their making. Raises RunUnknown.

        Files are named, not looked at: a line without an absence may still turn out to have one.
        """
        await check_runs(self._runs, wanted.run_ids)
        async with aclosing(every_run(self._images, wanted.run_ids)) as runs:
            async for run in runs:
                for column in await self._runs.columns([run.run_id]):
                    if wanted.step in {None, column.step_order}:
                        async with aclosing(self._column(run, column, wanted)) as pages:
                            async for page in pages:
                                yield page

    async def _column(
        self, run: ExportedRun, column: ColumnRow, wanted: WantedImages
    ) -> AsyncGenerator[Sequence[ExportedImage]]:
        after = Position(0)
        while page := await self._images.ranked(
            run.run_id, column.step_order, wanted, after=after, limit=IMAGES_PER_PAGE
        ):
            yield [_line(run, column, image) for image in page]
            after = Position(page[-1].position)


def _line(run: ExportedRun, column: ColumnRow, image: RankedCandidate) -> ExportedImage:
    known = {name: getattr(image, name) for name in RankedCandidate.model_fields}
    return ExportedImage(
        **known,
        file=None if image.discarded else image.place,
        file_sha256=None if image.discarded else image.sha256,
        absence=Absence.DISCARDED if image.discarded else None,
        run_name=run.name,
        caption=run.caption,
        variables=run.variables,
        step_name=column.name,
        model=run.model(column),
    )
