"""Calls about candidates and their images."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from typing import Any

from carnival_cli.api.calls import Calls
from carnival_cli.api.views.candidate import Branch, Candidate, GalleryPage, JudgedCandidate, Lineage
from carnival_cli.api.views.page import BatchWritten, Page, Written


class CandidateCalls(Calls):
    async def of_run(self, run_id: str, **query: Any) -> list[Candidate]:
        """All images of a run; `query` as in GET /api/runs/{run_id}/candidates."""
        return await self._pages(Candidate, f"/api/runs/{run_id}/candidates", **query)

    async def page(self, **query: Any) -> Page[Candidate]:
        """A page of the gallery over everything; `query` as in GET /api/candidates."""
        return self._read(Page[Candidate], await self._http.get("/api/candidates", **query))

    async def gallery(self, run_id: str, **query: Any) -> GalleryPage:
        """A page of one step of a run; `query` as in GET /api/runs/{run_id}/gallery."""
        return self._read(GalleryPage, await self._http.get(f"/api/runs/{run_id}/gallery", **query))

    async def ids(self, beginning: str, limit: int = 10) -> list[str]:
        """Ids of images that begin so."""
        path = "/api/candidate-ids"
        return self._read(list[str], await self._http.get(path, beginning=beginning, limit=limit))

    async def one(self, candidate_id: str) -> Candidate:
        return self._read(Candidate, await self._http.get(f"/api/candidates/{candidate_id}"))

    async def lineage(self, candidate_id: str) -> Lineage:
        return self._read(Lineage, await self._http.get(f"/api/candidates/{candidate_id}/lineage"))

    async def children(self, candidate_id: str, **query: Any) -> Page[Candidate]:
        """A page of them, the oldest first; `query` as in GET /api/candidates/{candidate_id}/children."""
        return self._read(Page[Candidate], await self._http.get(f"/api/candidates/{candidate_id}/children", **query))

    async def branch(self, candidate_id: str) -> Branch:
        """What a kill would take along."""
        return self._read(Branch, await self._http.get(f"/api/candidates/{candidate_id}/branch"))

    async def reject(self, candidate_id: str, note: str = "") -> Written[JudgedCandidate]:
        return self._read(
            Written[JudgedCandidate], await self._http.post(f"/api/candidates/{candidate_id}/reject", {"note": note})
        )

    async def restore(self, candidate_id: str) -> Written[JudgedCandidate]:
        return self._read(Written[JudgedCandidate], await self._http.post(f"/api/candidates/{candidate_id}/restore"))

    async def reject_many(self, candidate_ids: list[str], note: str = "") -> BatchWritten:
        """All, or if one is unknown none."""
        body = {"candidate_ids": candidate_ids, "note": note}
        return self._read(BatchWritten, await self._http.post("/api/candidates/reject", body))

    async def restore_many(self, candidate_ids: list[str]) -> BatchWritten:
        """All, or if one is unknown none."""
        return self._read(
            BatchWritten, await self._http.post("/api/candidates/restore", {"candidate_ids": candidate_ids})
        )

    async def image(self, candidate_id: str) -> bytes:
        async with self.picture(candidate_id) as pieces:
            return b"".join([piece async for piece in pieces])

    def picture(self, candidate_id: str, *, bare: bool = False) -> AbstractAsyncContextManager[AsyncGenerator[bytes]]:
        """The bytes of the original; `bare`: without what is written beside its pixels."""
        metadata = "strip" if bare else None
        return self._http.pieces(f"/api/candidates/{candidate_id}/image", metadata=metadata)

    def thumbnail(
        self, candidate_id: str, width: int | None = None
    ) -> AbstractAsyncContextManager[AsyncGenerator[bytes]]:
        """The bytes of a WebP, as wide as `width` at least if there is one that wide."""
        return self._http.pieces(f"/api/candidates/{candidate_id}/thumbnail", width=width)
