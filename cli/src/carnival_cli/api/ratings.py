"""Calls about rating systems."""

from __future__ import annotations

from typing import Any

from carnival_cli.api.calls import Calls
from carnival_cli.api.views.page import Written
from carnival_cli.api.views.rating import Ratings, Rescoring


class RatingCalls(Calls):
    async def in_force(self) -> Ratings:
        """What rates now, and which systems there are."""
        return self._read(Ratings, await self._http.get("/api/ratings"))

    async def rescorings(self) -> list[Rescoring]:
        return await self._pages(Rescoring, "/api/rescorings")

    async def rescoring(self, rescoring_id: str, at_least: int | None = None) -> Rescoring:
        query = {"at-least": at_least}
        return self._read(Rescoring, await self._http.get(f"/api/rescorings/{rescoring_id}", **query))

    async def request(self, body: dict[str, Any]) -> Written[Rescoring]:
        return self._read(Written[Rescoring], await self._http.post("/api/rescorings", body))

    async def settle(self, rescoring_id: str, action: str) -> Written[Rescoring]:
        """`action`: promote or drop."""
        return self._read(Written[Rescoring], await self._http.post(f"/api/rescorings/{rescoring_id}/{action}"))
