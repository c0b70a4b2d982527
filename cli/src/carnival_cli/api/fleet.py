"""Calls about gateways and ComfyUI servers."""

from __future__ import annotations

from carnival_cli.api.calls import Calls
from carnival_cli.api.views.fleet import Drain, Fleet
from carnival_cli.api.views.page import Written


class FleetCalls(Calls):
    async def show(self) -> Fleet:
        return self._read(Fleet, await self._http.get("/api/fleet"))

    async def drain(self, place: str, reason: str) -> Written[Drain]:
        """`place`: a gateway, or gateway and node with a slash between."""
        return self._read(Written[Drain], await self._http.post(f"/api/fleet/{place}/drain", {"reason": reason}))

    async def undrain(self, place: str) -> Written[Drain]:
        return self._read(Written[Drain], await self._http.post(f"/api/fleet/{place}/undrain"))
