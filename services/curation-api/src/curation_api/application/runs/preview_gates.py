"""Who would advance at each gate of a run (GATE-3, GATE-8)."""

from __future__ import annotations

from carnival.contracts.ids import RunId
from curation_api.application.known import known_run
from curation_api.application.ports import Runs
from curation_api.application.views.run import ColumnRow, GateCandidate, GateView
from curation_api.domain.gate import preview

COLUMN_MAX = 500


class PreviewGatesHandler:
    """`suggested_k` is DEFAULT_TOP_K."""

    def __init__(self, runs: Runs, suggested_k: int) -> None:
        self._runs = runs
        self._suggested_k = suggested_k

    async def __call__(self, run_id: RunId, k: int | None) -> list[GateView]:
        """All steps but the last, whose best 500 images are shown. Raises RunUnknown."""
        columns = await self._runs.columns([run_id])
        if not columns:
            await known_run(self._runs, run_id)
        return [await self._gate(run_id, column, k) for column in columns[:-1]]

    async def _gate(self, run_id: RunId, column: ColumnRow, k: int | None) -> GateView:
        wanted = column.approved_k or k or self._suggested_k
        placed = preview(await self._runs.standings(run_id, column.step_order, COLUMN_MAX), wanted)
        return GateView(
            step_order=column.step_order,
            name=column.name,
            approved_k=column.approved_k,
            k=wanted,
            live=column.live,
            advancing=min(wanted, column.live),
            few_votes=sum(place.few_votes for place in placed),
            waiting=column.approved_k is None and column.live > 0,
            candidates=[
                GateCandidate(
                    candidate_id=place.standing.candidate_id,
                    rating=place.standing.rating,
                    votes=place.standing.votes,
                    advances=place.advances,
                    few_votes=place.few_votes,
                )
                for place in placed
            ],
        )
