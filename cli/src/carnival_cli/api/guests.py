"""Calls about guests."""

from __future__ import annotations

from typing import Any

from carnival_cli.api.calls import Calls
from carnival_cli.api.views.guests import GuestLink, IssuedGuestLink, RunGuests
from carnival_cli.api.views.page import Written


class GuestCalls(Calls):
    async def links(self) -> list[GuestLink]:
        return self._read(list[GuestLink], await self._http.get("/api/guest-links"))

    async def invite(self, body: dict[str, Any]) -> IssuedGuestLink:
        return self._read(IssuedGuestLink, await self._http.post("/api/guest-links", body))

    async def revoke(self, link_id: str) -> Written[GuestLink]:
        return self._read(Written[GuestLink], await self._http.delete(f"/api/guest-links/{link_id}"))

    async def of_run(self, run_id: str) -> RunGuests:
        return self._read(RunGuests, await self._http.get(f"/api/runs/{run_id}/guests"))

    async def merge(self, run_id: str, body: dict[str, Any]) -> Written[RunGuests]:
        """`body` says whose votes: `guest`, `link_id`, or nothing for those of all guests of the run."""
        return self._read(Written[RunGuests], await self._http.post(f"/api/runs/{run_id}/guests/merge", body))

    async def separate(self, run_id: str, body: dict[str, Any]) -> Written[RunGuests]:
        return self._read(Written[RunGuests], await self._http.post(f"/api/runs/{run_id}/guests/separate", body))
