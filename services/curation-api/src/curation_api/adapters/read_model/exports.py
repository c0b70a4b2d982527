"""Votes and images for exports, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from carnival.contracts.ids import Position, RunId
from carnival.contracts.vote import Outcome
from curation_api.adapters.read_model.reading import Reading
from curation_api.application.exports.export_images import WantedImages
from curation_api.application.exports.export_preferences import JudgedPair, WantedPreferences
from curation_api.application.exports.exporting import ExportedRun
from curation_api.application.views.exported_image import RankedCandidate


class PostgresExports(Reading):
    """Implements `JudgedPairs` and `RankedImages`."""

    async def runs(self, run_ids: Sequence[RunId] | None, *, after: Position, limit: int) -> Sequence[ExportedRun]:
        ids = None if run_ids is None else list[str](run_ids)
        return await self.many("export_runs", ExportedRun, run_ids=ids, after=after, limit=limit)

    async def judged(
        self, run_id: RunId, wanted: WantedPreferences, *, after: tuple[int, Position], limit: int
    ) -> Sequence[JudgedPair]:
        found = await self.many(
            "export_votes",
            JudgedPair,
            run_id=run_id,
            up_to=wanted.up_to,
            both_bad=wanted.both_bad,
            guests=wanted.guests,
            step=wanted.step,
            after_step=after[0],
            after_position=after[1],
            limit=limit,
        )
        return [replace(pair, outcome=Outcome(pair.outcome)) for pair in found]

    async def judged_count(self, run_id: RunId, wanted: WantedPreferences) -> int:
        rows = await self.rows(
            "export_vote_count",
            run_id=run_id,
            up_to=wanted.up_to,
            both_bad=wanted.both_bad,
            guests=wanted.guests,
            step=wanted.step,
        )
        return int(rows[0]["count"])

    async def ranked(
        self, run_id: RunId, step_order: int, wanted: WantedImages, *, after: Position, limit: int
    ) -> Sequence[RankedCandidate]:
        return await self.many(
            "export_images",
            RankedCandidate,
            run_id=run_id,
            step=step_order,
            candidate_ids=None if wanted.candidate_ids is None else list(wanted.candidate_ids),
            state=wanted.state,
            top=wanted.top,
            up_to=wanted.up_to,
            after=after,
            limit=limit,
        )
