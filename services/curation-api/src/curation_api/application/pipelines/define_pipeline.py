"""A new pipeline, or the next version of one (MOD-1, MOD-2)."""

from __future__ import annotations

from carnival.contracts import subjects
from carnival.contracts.envelope import Recorded
from carnival.contracts.ids import PipelineId, Position, derived_id
from carnival.contracts.pipeline import PipelineDefined
from carnival.log.port import EventLog, Expectation
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.domain.idempotency import Origin
from curation_api.domain.pipeline import DefinePipeline, define_pipeline
from curation_api.domain.refusals import PipelineUnknown


class DefinePipelineHandler:
    """Versions are counted on the log itself, so that two people never define the same one."""

    def __init__(self, log: EventLog, ledger: Ledger) -> None:
        self._log = log
        self._ledger = ledger

    async def first(self, command: DefinePipeline, origin: Origin) -> Receipt[PipelineDefined]:
        """Version 1 of a new pipeline. Raises BadText, BadSteps, BadTemplate and what `Ledger.once` raises."""
        pipeline_id = PipelineId(derived_id("pipeline", origin.event_id))

        async def decide() -> Proposal[PipelineDefined]:
            event = define_pipeline(command, pipeline_id, 0)
            return Proposal(event, Expectation(subjects.all_of_pipeline(pipeline_id), Position(0)))

        return await self._ledger.once(origin, PipelineDefined, decide)

    async def next(self, pipeline_id: PipelineId, command: DefinePipeline, origin: Origin) -> Receipt[PipelineDefined]:
        """The next version. Raises PipelineUnknown beside the errors of `first`."""
        everything = subjects.all_of_pipeline(pipeline_id)

        async def decide() -> Proposal[PipelineDefined]:
            newest = await self._log.last_of(everything)
            if not isinstance(newest, Recorded) or not isinstance(newest.event, PipelineDefined):
                raise PipelineUnknown(f"There is no pipeline {pipeline_id}")
            event = define_pipeline(command, pipeline_id, newest.event.version)
            return Proposal(event, Expectation(everything, newest.position))

        return await self._ledger.once(origin, PipelineDefined, decide)
