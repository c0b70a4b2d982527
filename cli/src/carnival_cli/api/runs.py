"""Calls about runs, their steps and gates."""

from __future__ import annotations

from typing import Any

from carnival_cli.api.calls import Calls
from carnival_cli.api.views.candidate import TreeNode
from carnival_cli.api.views.page import Page, Written
from carnival_cli.api.views.run import Discards, Gate, Job, Leader, Matrix, MatrixWritten, Run


class RunCalls(Calls):
    async def all(self, status: str | None = None) -> list[Run]:
        return await self._pages(Run, "/api/runs", status=status, limit=100)

    async def one(self, run_id: str, at_least: int | None = None) -> Run:
        return self._read(Run, await self._http.get(f"/api/runs/{run_id}", **{"at-least": at_least}))

    async def start(self, body: dict[str, Any]) -> Written[Run]:
        return self._read(Written[Run], await self._http.post("/api/runs", body))

    async def start_matrix(self, body: dict[str, Any]) -> MatrixWritten:
        return self._read(MatrixWritten, await self._http.post("/api/run-matrices", body))

    async def matrix(self, matrix_id: str, at_least: int | None = None) -> Matrix:
        return self._read(Matrix, await self._http.get(f"/api/run-matrices/{matrix_id}", **{"at-least": at_least}))

    async def govern(self, run_id: str, action: str, body: dict[str, Any] | None = None) -> Written[Run]:
        """`action`: pause, resume, complete, or steps/ORDER/resume."""
        return self._read(Written[Run], await self._http.post(f"/api/runs/{run_id}/{action}", body))

    async def change(self, run_id: str, body: dict[str, Any]) -> Written[Run]:
        """Name, N, T, ceilings or rating; what the body does not name stays."""
        return self._read(Written[Run], await self._http.patch(f"/api/runs/{run_id}", body))

    async def discard_images(self, run_id: str) -> Written[Discards]:
        """Give up 500 originals of rejected or dead images at the most."""
        answer = await self._http.post(f"/api/runs/{run_id}/discard-images", {"everything": True})
        return self._read(Written[Discards], answer)

    async def jobs(self, run_id: str, **query: Any) -> Page[Job]:
        """A page of the run's jobs, newest first; `query` as in GET /api/runs/{run_id}/jobs."""
        return self._read(Page[Job], await self._http.get(f"/api/runs/{run_id}/jobs", **query))

    async def jobs_at_servers(self, run_id: str, limit: int) -> list[Job]:
        """The run's jobs that servers have now, newest first."""
        return (await self.jobs(run_id, state="submitted", limit=limit)).items

    async def tree(self, run_id: str) -> list[TreeNode]:
        """All nodes, parents before children."""
        return await self._pages(TreeNode, f"/api/runs/{run_id}/tree", limit=5000)

    async def gates(self, run_id: str, k: int | None = None, at_least: int | None = None) -> list[Gate]:
        """Each step but the last; `k`: as if this K were approved."""
        query = {"k": k, "at-least": at_least}
        return self._read(list[Gate], await self._http.get(f"/api/runs/{run_id}/gates", **query))

    async def approve(self, run_id: str, step: int, k: int) -> Written[Run]:
        """Let the `k` best of a step be parents."""
        return self._read(Written[Run], await self._http.post(f"/api/runs/{run_id}/steps/{step}/approve", {"k": k}))

    async def leaders(self, run_id: str) -> list[Leader]:
        return self._read(list[Leader], await self._http.get(f"/api/runs/{run_id}/leaders"))

    async def choose_winner(self, run_id: str, candidate_id: str) -> Written[Run]:
        body = {"candidate_id": candidate_id}
        return self._read(Written[Run], await self._http.put(f"/api/runs/{run_id}/winner", body))

    async def clear_winner(self, run_id: str) -> Written[Run]:
        return self._read(Written[Run], await self._http.delete(f"/api/runs/{run_id}/winner"))
