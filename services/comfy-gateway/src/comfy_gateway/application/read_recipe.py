"""The run and the step of a job, read from the log and remembered."""

from __future__ import annotations

from dataclasses import dataclass

from carnival.contracts.envelope import Recorded
from carnival.contracts.ids import Position, RunId
from carnival.contracts.job import JobRequested
from carnival.contracts.pipeline import PipelineDefined, StepDefinition
from carnival.contracts.run import RunChanged, RunStarted
from carnival.contracts.subjects import one_of_run
from carnival.log.port import EventLog
from comfy_gateway.application.remembering import Remembered


class RecipeMissing(LookupError):
    """The log does not hold the job's run, or its pipeline version or step."""


@dataclass(frozen=True, slots=True)
class RunAsKnown:
    """`name` is the newest name, `read_up_to` the position up to which changes were read."""

    started: RunStarted
    name: str
    read_up_to: Position


class ReadRecipe:
    """Pipelines never change and runs hardly do, so a look at the log for changes is enough."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._runs = Remembered[RunId, RunAsKnown]()
        self._pipelines = Remembered[Position, PipelineDefined]()

    async def __call__(self, request: JobRequested) -> tuple[RunAsKnown, StepDefinition]:
        """The run with its newest name, and the step. Raises RecipeMissing, LogUnavailable."""
        run = await self._run(request.run_id)
        pipeline = await self._pipeline(run.started.pipeline_position)
        step = next((step for step in pipeline.steps if step.order == request.step_order), None)
        if step is None:
            raise RecipeMissing(f"Pipeline {pipeline.name} has no step {request.step_order}")
        return run, step

    async def _run(self, run_id: RunId) -> RunAsKnown:
        known = self._runs.get(run_id) or await self._started(run_id)
        subject = one_of_run(run_id, RunChanged)
        while (entry := await self._log.next_of(subject, known.read_up_to)) is not None:
            changed = entry.event if isinstance(entry, Recorded) else None
            name = changed.name if isinstance(changed, RunChanged) and changed.name else known.name
            known = RunAsKnown(known.started, name, entry.position)
        self._runs.put(run_id, known)
        return known

    async def _started(self, run_id: RunId) -> RunAsKnown:
        match await self._log.last_of(one_of_run(run_id, RunStarted)):
            case Recorded(event=RunStarted() as started, position=position):
                return RunAsKnown(started, started.name, position)
            case _:
                raise RecipeMissing(f"Run {run_id} is not in the log")

    async def _pipeline(self, position: Position) -> PipelineDefined:
        known = self._pipelines.get(position)
        if known is not None:
            return known
        match await self._log.at(position):
            case Recorded(event=PipelineDefined() as pipeline):
                self._pipelines.put(position, pipeline)
                return pipeline
            case _:
                raise RecipeMissing(f"No pipeline stands at position {position} of the log")
