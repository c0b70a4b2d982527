"""What became of single events, and how far the projector has come."""

from __future__ import annotations

from collections.abc import Sequence

from carnival.contracts.ids import EventId, Position
from carnival.contracts.verdict import VoidReason
from curation_api.adapters.read_model.reading import Reading


class PostgresJudgements(Reading):
    """Implements `ports.Judgements`."""

    async def position_of(self, event_id: EventId) -> Position | None:
        rows = await self.rows("position_of_command", event_id=event_id)
        return Position(rows[0]["position"]) if rows else None

    async def void_reasons(self, positions: Sequence[Position]) -> dict[Position, VoidReason]:
        rows = await self.rows("void_reasons", positions=list(positions))
        return {Position(row["position"]): VoidReason(row["reason"]) for row in rows}

    async def void_reason(self, position: Position) -> VoidReason | None:
        rows = await self.rows("void_reason", position=position)
        return VoidReason(rows[0]["reason"]) if rows else None

    async def projected_position(self) -> Position:
        """The checkpoint, 0 before the projector's first start."""
        rows = await self.rows("projected_position")
        return Position(rows[0]["position"] if rows else 0)
