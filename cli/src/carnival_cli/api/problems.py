"""Calls about the kinds of problems that the API knows."""

from __future__ import annotations

from carnival_cli.api.calls import Calls
from carnival_cli.api.views.problem import ProblemKind


class ProblemCalls(Calls):
    async def all(self) -> list[ProblemKind]:
        return self._read(list[ProblemKind], await self._http.get("/problems"))

    async def one(self, kind: str) -> ProblemKind:
        """`kind` is the end of its type."""
        return self._read(ProblemKind, await self._http.get(f"/problems/{kind}"))
