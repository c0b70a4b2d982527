"""What became of single events, and how far the projector has come."""

from __future__ import annotations

from collections.abc import Sequence

from carnival.contracts.ids import EventId, Position
from carnival.contracts.verdict import VoidReason
from curation_api.adapters.read_model.gathering import Gathered
from curation_api.adapters.read_model.reading import Pool, Reading
from curation_api.adapters.read_model.told_verdicts import ToldVerdicts


class PostgresJudgements(Reading):
    """Implements `ports.Judgements`. `told` is fed by whoever hears the projector."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)
        self.told = ToldVerdicts()
        self._void_reasons = Gathered(self._reasons_in_order)

    async def position_of(self, event_id: EventId) -> Position | None:
        rows = await self.rows("position_of_command", event_id=event_id)
        return Position(rows[0]["position"]) if rows else None

    async def void_reasons(self, positions: Sequence[Position]) -> dict[Position, VoidReason]:
        rows = await self.rows("void_reasons", positions=list(positions))
        return {Position(row["position"]): VoidReason(row["reason"]) for row in rows}

    async def void_reason(self, position: Position) -> VoidReason | None:
        if self.told.has(position):
            return self.told.void_reason(position)
        return await self._void_reasons.answer(position)

    async def projected_position(self) -> Position:
        """The checkpoint, 0 before the projector's first start."""
        rows = await self.rows("projected_position")
        return Position(rows[0]["position"] if rows else 0)

    async def _reasons_in_order(self, positions: Sequence[Position]) -> list[VoidReason | None]:
        found = await self.void_reasons(positions)
        return [found.get(position) for position in positions]
