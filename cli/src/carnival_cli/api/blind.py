"""What a guest does: blind votes on one run, on a transport whose token is the guest's pass."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager

from carnival_cli.api.calls import Calls
from carnival_cli.api.views.guests import BlindVote, Guest, GuestPass, NextBlindPair
from carnival_cli.api.views.page import Written


class BlindCalls(Calls):
    async def enter(self, link: str) -> GuestPass:
        """The pass for a link; it needs no token."""
        return self._read(GuestPass, await self._http.post("/api/guest-passes", {"link": link}))

    async def me(self) -> Guest:
        return self._read(Guest, await self._http.get("/api/guest/me"))

    async def next_pair(self) -> NextBlindPair:
        return self._read(NextBlindPair, await self._http.get("/api/guest/pair"))

    def image(self, candidate_id: str, width: int | None = None) -> AbstractAsyncContextManager[AsyncGenerator[bytes]]:
        """The bytes of an image of the present pair, without what is written beside its pixels."""
        return self._http.pieces(f"/api/guest/images/{candidate_id}", width=width)

    async def cast(self, left_id: str, right_id: str, outcome: str) -> Written[BlindVote]:
        body = {"left_id": left_id, "right_id": right_id, "outcome": outcome}
        return self._read(Written[BlindVote], await self._http.post("/api/guest/votes", body))

    async def retract(self, vote_id: str) -> Written[BlindVote]:
        return self._read(Written[BlindVote], await self._http.delete(f"/api/guest/votes/{vote_id}"))
