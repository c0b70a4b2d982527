"""Calls about the state of the whole, and why jobs are asked for."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from typing import Any

from carnival_cli.api.calls import Calls
from carnival_cli.api.views.decision import Decision
from carnival_cli.api.views.monitoring import Analytics, Dashboard, Status, Work
from carnival_cli.api.views.run import JobDetail


class MonitoringCalls(Calls):
    async def status(self) -> Status:
        return self._read(Status, await self._http.get("/api/status"))

    async def dashboard(self) -> Dashboard:
        return self._read(Dashboard, await self._http.get("/api/dashboard"))

    async def next_decision(self, run_id: str | None = None) -> dict[str, Any]:
        return self._read(dict[str, Any], await self._http.get("/api/next", run_id=run_id))

    async def work(self) -> list[Work]:
        """Rebuilds and rescorings under way."""
        return self._read(list[Work], await self._http.get("/api/work"))

    def preview(self, job_id: str) -> AbstractAsyncContextManager[AsyncGenerator[bytes]]:
        """The bytes of what a job draws, unfinished."""
        return self._http.pieces(f"/api/jobs/{job_id}/preview")

    async def job(self, job_id: str) -> JobDetail:
        return self._read(JobDetail, await self._http.get(f"/api/jobs/{job_id}"))

    async def decision(self, path: str) -> Decision:
        """Why: `path` names a job or a candidate."""
        return self._read(Decision, await self._http.get(f"{path}/decision"))

    async def analytics(self, run_id: str | None = None, **query: Any) -> Analytics:
        """Figures of one run, or of all; `query` as in GET /api/analytics."""
        path = f"/api/runs/{run_id}/analytics" if run_id else "/api/analytics"
        return self._read(Analytics, await self._http.get(path, **query))
