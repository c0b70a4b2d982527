"""The fleet as clients see it."""

from __future__ import annotations

from pydantic import Field

from curation_api.application.views.page import View
from curation_api.domain.preflight import Readiness, StepReadiness


class LackView(View):
    """What no server has for one node of a template."""

    node_id: str = Field(description="The node's id in the template.")
    class_type: str = Field(description="The node's class.")
    input: str | None = Field(description="Null: the node class itself is missing.")
    file: str | None = Field(description="The file that no server has; null where the class is missing.")


class StepReadinessView(View):
    """Whether the servers present can do one step."""

    order: int
    name: str
    pool: str
    readiness: Readiness = Field(description="ready, missing, no_server or unknown (nobody has said what it can do).")
    servers: int = Field(description="Servers of the pool that are present.")
    lacks: list[LackView] = Field(description="What the closest server lacks.")
    warning: str | None = Field(description="The same as a sentence.")

    @staticmethod
    def of(step: StepReadiness) -> StepReadinessView:
        return StepReadinessView.model_validate(step, from_attributes=True)
