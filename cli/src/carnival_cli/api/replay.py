"""Calls that ask history again."""

from __future__ import annotations

from typing import Any

from carnival_cli.api.calls import Calls
from carnival_cli.api.views.candidate import TreeNode
from carnival_cli.api.views.page import Written
from carnival_cli.api.views.past import RunAt, WhatIf
from carnival_cli.api.views.run import Run


class ReplayCalls(Calls):
    async def fork(self, run_id: str, body: dict[str, Any]) -> Written[Run]:
        """A new run from a moment of this one; `body`: position or time, and what is to be other than then."""
        return self._read(Written[Run], await self._http.post(f"/api/runs/{run_id}/fork", body))

    async def run_at(self, run_id: str, *, position: int | None = None, time: str | None = None) -> RunAt:
        """The run as it was, with its whole tree."""
        found = self._read(RunAt, await self._http.get(f"/api/runs/{run_id}/at", position=position, time=time))
        if found.tree_next is None:
            return found
        return found.model_copy(update={"tree": await self.tree_at(run_id, found.position)})

    async def tree_at(self, run_id: str, position: int) -> list[TreeNode]:
        """All nodes there were at this position of the log, parents before children."""
        return await self._pages(TreeNode, f"/api/runs/{run_id}/at/tree", position=position, limit=5000)

    async def what_if(self, run_id: str, body: dict[str, Any]) -> WhatIf:
        """The run's history decided again; `body`: n, t, rating, position."""
        return self._read(WhatIf, await self._http.post(f"/api/runs/{run_id}/what-if", body))
