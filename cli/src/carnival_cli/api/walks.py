"""Calls about kill-left walks."""

from __future__ import annotations

from carnival_cli.api.calls import Calls
from carnival_cli.api.views.vote import KillWalk


class WalkCalls(Calls):
    async def start(self, candidate_id: str, voter: str | None = None) -> KillWalk:
        """Kill an image and look left: its parent beside another image, once that is projected."""
        written = await self._http.post("/api/kill-walks", {"candidate_id": candidate_id, "voter": voter})
        return self._read(KillWalk, written.get("result") or {"walk_id": written["id"], "pair": None})

    async def undo(self, walk_id: str) -> None:
        """Restore everything that the walk killed."""
        await self._http.delete(f"/api/kill-walks/{walk_id}")
