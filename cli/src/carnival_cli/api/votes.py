"""Calls about pairs and votes."""

from __future__ import annotations

from typing import Any

from carnival_cli.api.calls import Calls
from carnival_cli.api.views.page import BatchWritten, Page, Written
from carnival_cli.api.views.vote import CastVote, NextPair, Vote


class VoteCalls(Calls):
    """`voter`: whose votes, None for one's own; another's are for operators."""

    async def page(self, **query: Any) -> Page[Vote]:
        """A page of votes, newest first; `query` as in GET /api/votes."""
        return self._read(Page[Vote], await self._http.get("/api/votes", **query))

    async def one(self, vote_id: str) -> Vote:
        return self._read(Vote, await self._http.get(f"/api/votes/{vote_id}"))

    async def next_pair(self, run_id: str, voter: str | None = None) -> NextPair:
        return self._read(NextPair, await self._http.get(f"/api/runs/{run_id}/next-pair", voter=voter))

    async def cast(self, left_id: str, right_id: str, outcome: str, voter: str | None = None) -> Written[CastVote]:
        body = {"left_id": left_id, "right_id": right_id, "outcome": outcome, "voter": voter}
        return self._read(Written[CastVote], await self._http.post("/api/votes", body))

    async def retract(self, vote_id: str, voter: str | None = None) -> Written[Vote]:
        return self._read(Written[Vote], await self._http.delete(f"/api/votes/{vote_id}", voter=voter))

    async def retract_many(self, vote_ids: list[str], voter: str | None = None) -> BatchWritten:
        """All, or if one is unknown or another voter's none."""
        body = {"vote_ids": vote_ids, "voter": voter}
        return self._read(BatchWritten, await self._http.post("/api/votes/retract", body))
