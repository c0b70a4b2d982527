"""Calls about pipelines."""

from __future__ import annotations

from typing import Any

from carnival_cli.api.calls import Calls
from carnival_cli.api.views.page import Written
from carnival_cli.api.views.pipeline import Pipeline, PipelineSummary, StepReadiness
from carnival_cli.api.views.workflow import WorkflowInspection


class PipelineCalls(Calls):
    async def all(self) -> list[PipelineSummary]:
        return await self._pages(PipelineSummary, "/api/pipelines")

    async def one(self, pipeline_id: str, version: int | None = None) -> Pipeline:
        return self._read(Pipeline, await self._http.get(f"/api/pipelines/{pipeline_id}", version=version))

    async def define(self, body: dict[str, Any], pipeline_id: str | None = None) -> Written[Pipeline]:
        """A new pipeline, or the next version of `pipeline_id`."""
        path = f"/api/pipelines/{pipeline_id}/versions" if pipeline_id else "/api/pipelines"
        return self._read(Written[Pipeline], await self._http.post(path, body))

    async def readiness(self, pipeline_id: str, version: int | None = None) -> list[StepReadiness]:
        """Whether the servers present can do each step."""
        path = f"/api/pipelines/{pipeline_id}/readiness"
        return self._read(list[StepReadiness], await self._http.get(path, version=version))

    async def inspect(self, body: dict[str, Any]) -> WorkflowInspection:
        """What a workflow is like; changes nothing. `body` as in POST /api/workflows/inspect."""
        return self._read(WorkflowInspection, await self._http.post("/api/workflows/inspect", body))
