"""Rescorings and the rating system in force, from the read model."""

from __future__ import annotations

from carnival.contracts.rating_systems import SETTINGS, RatingSystemName
from curation_api.adapters.read_model.reading import Reading
from curation_api.application.views.page import Page
from curation_api.application.views.rating import RatingsView, RatingSystemView, RescoringSummary, RescoringView
from curation_api.domain.rating import RescoringState


class PostgresRescorings(Reading):
    """Implements `ports.Rescorings`, and the queries about ratings."""

    async def state(self, rescoring_id: str) -> RescoringState | None:
        found = await self.one("rescoring", RescoringView, rescoring_id=rescoring_id)
        return found and RescoringState(
            rescoring_id=found.rescoring_id,
            system=found.system,
            settings=found.settings,
            state=found.state,
            in_force=found.in_force,
        )

    async def view(self, rescoring_id: str) -> RescoringView | None:
        return await self.one("rescoring", RescoringView, rescoring_id=rescoring_id)

    async def page(self, *, before: int | None, limit: int) -> Page[RescoringSummary]:
        """Newest first."""
        found = await self.many("rescorings", RescoringSummary, before=before, limit=limit)
        return Page(items=found, next=str(found[-1].position) if len(found) == limit else None)

    async def in_force(self) -> RatingsView:
        systems = [
            RatingSystemView(name=name, settings=settings.model_json_schema()["properties"])
            for name, settings in SETTINGS.items()
        ]
        rows = await self.rows("rating_system")
        chosen = rows[0] if rows else _FIRST
        return RatingsView.model_validate({**chosen, "systems": systems})


_FIRST = {"system": RatingSystemName.ELO.value, "settings": {}, "rescoring_id": None, "position": 0}
