"""Votes as rows of a preference data set, in batches of bounded size."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from carnival.contracts.ids import Position, RunId
from carnival.contracts.vote import Outcome
from curation_api.application.exports.exporting import ExportedRun, RunPages, check_runs, every_run
from curation_api.application.ports import Runs
from curation_api.application.views.preference import PreferenceRow
from curation_api.application.views.run import ColumnRow
from curation_api.domain.preference import Fractions, Split, labels_of, split_of

VOTES_PER_PAGE = 1000
IMAGE_BYTES_PER_BATCH = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedPair:
    """A vote that counts, with the files of its two images."""

    vote_id: str
    step_order: int
    voter: str
    of_guest: bool
    outcome: Outcome
    milliseconds: int | None
    cast_at: datetime
    position: Position
    left_id: str
    left_place: str
    left_sha256: str
    left_seed: str
    left_discarded: bool
    right_id: str
    right_place: str
    right_sha256: str
    right_seed: str
    right_discarded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPreferences:
    """What to export; None does not limit. Votes behind `up_to` are left out, and without `guests` those of guests that
    were not merged."""

    run_ids: Sequence[RunId] | None = None
    step: int | None = None
    split: Split | None = None
    fractions: Fractions = field(default_factory=Fractions)
    both_bad: bool = False
    guests: bool = False
    up_to: Position


class JudgedPairs(RunPages, Protocol):
    async def judged(
        self, run_id: RunId, wanted: WantedPreferences, *, after: tuple[int, Position], limit: int
    ) -> Sequence[JudgedPair]:
        """Votes of a run by step and log position, behind that of `after`."""
        ...

    async def judged_count(self, run_id: RunId, wanted: WantedPreferences) -> int: ...


ImageOf = Callable[[str], Awaitable[bytes | None]]
"""The bytes at a place of the image store as they go into the export, None if nothing is there."""


class ExportPreferencesHandler:
    def __init__(self, runs: Runs, pairs: JudgedPairs) -> None:
        self._runs = runs
        self._pairs = pairs

    async def __call__(
        self, wanted: WantedPreferences, image_of: ImageOf | None
    ) -> AsyncGenerator[Sequence[PreferenceRow]]:
        """Run by run, step by step, in log order. Raises RunUnknown."""
        await check_runs(self._runs, wanted.run_ids)
        async with aclosing(every_run(self._pairs, wanted.run_ids)) as runs:
            async for run in runs:
                if wanted.split in {None, split_of(run.run_id, wanted.fractions)}:
                    async with aclosing(self._rows(run, wanted, image_of)) as batches:
                        async for batch in batches:
                            yield batch

    async def _rows(
        self, run: ExportedRun, wanted: WantedPreferences, image_of: ImageOf | None
    ) -> AsyncGenerator[Sequence[PreferenceRow]]:
        rows = _Rows(
            run,
            {column.step_order: column for column in await self._runs.columns([run.run_id])},
            split_of(run.run_id, wanted.fractions),
            await self._pairs.judged_count(run.run_id, wanted),
        )
        after = (0, Position(0))
        while page := await self._pairs.judged(run.run_id, wanted, after=after, limit=VOTES_PER_PAGE):
            if image_of is None:
                yield [rows.row(pair) for pair in page]
            else:
                async with aclosing(_with_images(rows, page, image_of)) as batches:
                    async for batch in batches:
                        yield batch
            after = (page[-1].step_order, page[-1].position)


async def _with_images(
    rows: _Rows, page: Sequence[JudgedPair], image_of: ImageOf
) -> AsyncGenerator[Sequence[PreferenceRow]]:
    batch: list[PreferenceRow] = []
    size = 0
    for pair in page:
        left = None if pair.left_discarded else await image_of(pair.left_place)
        right = None if pair.right_discarded else await image_of(pair.right_place)
        batch.append(rows.row(pair, left, right))
        size += len(left or b"") + len(right or b"")
        if size >= IMAGE_BYTES_PER_BATCH:
            yield batch
            batch, size = [], 0
    yield batch


class _Rows:
    """Makes the rows of one run."""

    def __init__(self, run: ExportedRun, columns: Mapping[int, ColumnRow], split: Split, count: int) -> None:
        self._run = run
        self._columns = columns
        self._split = split
        self._count = count
        self._variables = json.dumps(run.variables, ensure_ascii=False)

    def row(self, pair: JudgedPair, left: bytes | None = None, right: bytes | None = None) -> PreferenceRow:
        label_0, label_1 = labels_of(pair.outcome)
        best = {Outcome.LEFT: pair.left_id, Outcome.RIGHT: pair.right_id}.get(pair.outcome)
        column = self._columns[pair.step_order]
        model = self._run.model(column)
        return PreferenceRow(
            caption=self._run.caption,
            jpg_0=left,
            jpg_1=right,
            label_0=label_0,
            label_1=label_1,
            has_label=pair.outcome is not Outcome.BOTH_BAD,
            are_different=pair.left_sha256 != pair.right_sha256,
            best_image_uid=best,
            image_0_uid=pair.left_id,
            image_1_uid=pair.right_id,
            image_0_url=f"/api/candidates/{pair.left_id}/image",
            image_1_url=f"/api/candidates/{pair.right_id}/image",
            model_0=model,
            model_1=model,
            num_example_per_prompt=self._count,
            ranking_id=pair.position,
            created_at=pair.cast_at,
            user_id=pair.voter,
            voter_kind="guest" if pair.of_guest else "member",
            vote_id=pair.vote_id,
            outcome=pair.outcome,
            milliseconds=pair.milliseconds,
            run_id=self._run.run_id,
            run_name=self._run.name,
            split=self._split,
            step_order=pair.step_order,
            step_name=column.name,
            image_0_path=pair.left_place,
            image_1_path=pair.right_place,
            image_0_sha256=pair.left_sha256,
            image_1_sha256=pair.right_sha256,
            seed_0=pair.left_seed,
            seed_1=pair.right_seed,
            variables=self._variables,
        )
