"""Calls that ask history again."""

from __future__ import annotations

from carnival_cli.api.calls import Calls
from carnival_cli.api.views.candidate import TreeNode
from carnival_cli.api.views.past import RunAt


class ReplayCalls(Calls):
    async def run_at(self, run_id: str, *, position: int | None = None, time: str | None = None) -> RunAt:
        """The run as it was, with its whole tree."""
        found = self._read(RunAt, await self._http.get(f"/api/runs/{run_id}/at", position=position, time=time))
        if found.tree_next is None:
            return found
        path = f"/api/runs/{run_id}/at/tree"
        tree = await self._pages(TreeNode, path, position=found.position, limit=5000)
        return found.model_copy(update={"tree": tree})
