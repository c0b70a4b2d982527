"""Calls about kill-left walks."""

from __future__ import annotations

from carnival_cli.api.calls import Calls
from carnival_cli.api.views.page import BatchWritten, Written
from carnival_cli.api.views.vote import KillWalk, Walk


class WalkCalls(Calls):
    """`voter`: who walks, None for oneself; another is for operators."""

    async def start(self, candidate_id: str, voter: str | None = None) -> Written[KillWalk]:
        """Kill an image and look left: its parent beside another image, once that is projected."""
        body = {"candidate_id": candidate_id, "voter": voter}
        return self._read(Written[KillWalk], await self._http.post("/api/kill-walks", body))

    async def one(self, walk_id: str, at: str | None = None, voter: str | None = None) -> KillWalk:
        """The walk, its view at the image `at`, or at the last one."""
        return self._read(KillWalk, await self._http.get(f"/api/kill-walks/{walk_id}", at=at, voter=voter))

    async def answer(self, walk_id: str, parent_id: str, answer: str, voter: str | None = None) -> Written[KillWalk]:
        """`answer`: only_this, parent_too or further_left, about the parent that was shown."""
        body = {"parent_id": parent_id, "answer": answer, "voter": voter}
        return self._read(Written[KillWalk], await self._http.post(f"/api/kill-walks/{walk_id}/answers", body))

    async def look_left(self, run_id: str, candidate_id: str, voter: str | None = None) -> Walk:
        """What a walk from this image would show, without killing it."""
        path = f"/api/runs/{run_id}/kill-walk"
        return self._read(Walk, await self._http.get(path, candidate=candidate_id, voter=voter))

    async def undo(self, walk_id: str) -> BatchWritten:
        """Restore everything that the walk killed."""
        return self._read(BatchWritten, await self._http.delete(f"/api/kill-walks/{walk_id}"))
