"""Calls that ask history again."""

from __future__ import annotations

from typing import Any

from carnival_cli.api.calls import Calls
from carnival_cli.api.views.candidate import TreeNode
from carnival_cli.api.views.page import Written
from carnival_cli.api.views.past import RunAt, WhatIf


class ReplayCalls(Calls):
    async def fork(self, run_id: str, body: dict[str, Any]) -> Written:
        """A new run from a moment of this one; `body`: position or time, and what is to be other than then."""
        return self._read(Written, await self._http.post(f"/api/runs/{run_id}/fork", body))

    async def run_at(self, run_id: str, *, position: int | None = None, time: str | None = None) -> RunAt:
        """The run as it was, with its whole tree."""
        found = self._read(RunAt, await self._http.get(f"/api/runs/{run_id}/at", position=position, time=time))
        if found.tree_next is None:
            return found
        path = f"/api/runs/{run_id}/at/tree"
        tree = await self._pages(TreeNode, path, position=found.position, limit=5000)
        return found.model_copy(update={"tree": tree})

    async def what_if(self, run_id: str, body: dict[str, Any]) -> WhatIf:
        """The run's history decided again; `body`: n, t, rating, position."""
        return self._read(WhatIf, await self._http.post(f"/api/runs/{run_id}/what-if", body))
