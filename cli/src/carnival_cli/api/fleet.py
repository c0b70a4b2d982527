"""Calls about gateways and ComfyUI servers."""

from __future__ import annotations

from carnival_cli.api.calls import Calls
from carnival_cli.api.views.fleet import ClassChoices, Drain, Fleet
from carnival_cli.api.views.page import Written


class FleetCalls(Calls):
    async def show(self) -> Fleet:
        return self._read(Fleet, await self._http.get("/api/fleet"))

    async def choices(self, class_type: str, pool: str) -> ClassChoices:
        """What the servers of a pool have for the inputs of a node class."""
        query = {"class_type": class_type, "pool": pool}
        return self._read(ClassChoices, await self._http.get("/api/fleet/choices", **query))

    async def drain(self, place: str, reason: str) -> Written[Drain]:
        """`place`: a gateway, or gateway and node with a slash between."""
        return self._read(Written[Drain], await self._http.post(f"/api/fleet/{place}/drain", {"reason": reason}))

    async def undrain(self, place: str) -> Written[Drain]:
        return self._read(Written[Drain], await self._http.post(f"/api/fleet/{place}/undrain"))
