"""What the fleet lacks for the steps of a pipeline: warnings, never a refusal, as the fleet may be away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from carnival.contracts.pipeline import StepDefinition
from carnival.log.errors import LogUnavailable
from curation_api.application.ports import Fleet
from curation_api.domain.preflight import StepReadiness, readiness_of

NOT_ASKED = "The fleet could not be asked what it can do, so the steps were not checked."


class CheckSteps:
    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    async def __call__(self, steps: Sequence[StepDefinition]) -> tuple[StepReadiness, ...]:
        """Every step with what is missing. Raises LogUnavailable."""
        return readiness_of(steps, await self._fleet.present(), {})

    async def warnings(self, steps: Sequence[StepDefinition], variables: Mapping[str, object]) -> tuple[str, ...]:
        """The same as sentences, one a step; `variables` are those of the run."""
        try:
            found = readiness_of(steps, await self._fleet.present(), variables)
        except LogUnavailable:
            return (NOT_ASKED,)
        return tuple(step.warning for step in found if step.warning)
