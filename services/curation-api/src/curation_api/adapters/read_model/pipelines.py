"""Pipelines from the read model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carnival.contracts.ids import PipelineId, Position
from carnival.contracts.pipeline import StepDefinition, VariableDefinition
from curation_api.adapters.read_model.reading import Reading
from curation_api.application.views.page import Page
from curation_api.application.views.pipeline import PipelineSummary, PipelineView, StepView, VariableView
from curation_api.domain.pipeline import form_of, variables_asked, warnings_about
from curation_api.domain.placeholders import placeholders_of
from curation_api.domain.run_start import DefinedPipeline


class PostgresPipelines(Reading):
    """Implements `ports.Pipelines`, and the queries about pipelines."""

    async def defined(self, pipeline_id: PipelineId, version: int | None) -> DefinedPipeline | None:
        rows = await self.rows("pipeline_version", pipeline_id=pipeline_id, version=version)
        if not rows:
            return None
        return DefinedPipeline(
            pipeline_id=pipeline_id,
            version=rows[0]["version"],
            position=Position(rows[0]["position"]),
            name=rows[0]["name"],
            steps=tuple(await self.steps(pipeline_id, rows[0]["version"])),
            variables=_variables(rows[0]),
        )

    async def page(self, *, before: Position | None, limit: int) -> Page[PipelineSummary]:
        """The newest versions, newest first."""
        rows = await self.rows("pipeline_page", before=before, limit=limit)
        items = [PipelineSummary.model_validate(row) for row in rows]
        return Page(items=items, next=str(rows[-1]["position"]) if len(rows) == limit else None)

    async def view(self, pipeline_id: PipelineId, version: int | None) -> PipelineView | None:
        """One version, the newest for None."""
        rows = await self.rows("pipeline_version", pipeline_id=pipeline_id, version=version)
        if not rows:
            return None
        steps = await self.steps(pipeline_id, rows[0]["version"])
        views = [
            StepView.model_validate({**step.model_dump(), "placeholders": list(placeholders_of(step.template))})
            for step in steps
        ]
        declared, asked = _variables(rows[0]), variables_asked(steps, _variables(rows[0]))
        known = {one.name for one in declared}
        form = [
            VariableView.model_validate(
                {**one.model_dump(), "declared": one.name in known, "required": one.name in asked}
            )
            for one in form_of(steps, declared)
        ]
        said = {"variables": list(asked), "form": form, "warnings": list(warnings_about(steps, declared))}
        return PipelineView.model_validate({**rows[0], **said, "steps": views})

    async def steps(self, pipeline_id: PipelineId, version: int) -> list[StepDefinition]:
        return await self.many("steps_of_version", StepDefinition, pipeline_id=pipeline_id, version=version)


def _variables(row: Mapping[str, Any]) -> tuple[VariableDefinition, ...]:
    return tuple(VariableDefinition.model_validate(one) for one in row["variables"])
