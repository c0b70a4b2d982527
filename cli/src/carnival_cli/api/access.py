"""Calls about who may use the hub."""

from __future__ import annotations

from typing import Any

from carnival_cli.api.calls import Calls
from carnival_cli.api.views.access import IssuedToken, Me, SignInLink, SignInWays, Token
from carnival_cli.api.views.page import Written


class AccessCalls(Calls):
    async def me(self) -> Me:
        """Who this client is to the hub."""
        return self._read(Me, await self._http.get("/api/me"))

    async def tokens(self) -> list[Token]:
        return self._read(list[Token], await self._http.get("/api/tokens"))

    async def issue_token(self, body: dict[str, Any]) -> IssuedToken:
        return self._read(IssuedToken, await self._http.post("/api/tokens", body))

    async def revoke_token(self, token_id: str) -> Written[Token]:
        return self._read(Written[Token], await self._http.delete(f"/api/tokens/{token_id}"))

    async def sign_in_ways(self) -> SignInWays:
        return self._read(SignInWays, await self._http.get("/api/sign-in-ways"))

    async def sign_in_link(self) -> SignInLink:
        return self._read(SignInLink, await self._http.post("/api/sign-in-links"))
