"""A new run (RUN-6, CLI-2)."""

from __future__ import annotations

import asyncio

from carnival.contracts import subjects
from carnival.contracts.ids import Position, RunId, derived_id
from carnival.contracts.run import RunStarted
from carnival.log.port import EventLog, Expectation
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Clock, Pipelines, Projection, Runs
from curation_api.domain.folder import dated_folder
from curation_api.domain.idempotency import Origin
from curation_api.domain.refusals import Contended, PipelineUnknown, ProjectionBehind
from curation_api.domain.run_start import StartRun, run_name, start_run

TURN_SECONDS_MAX = 10.0


class StartRunHandler:
    """Starts happen one after the other, here by a lock and between processes by an expectation over all starts: only
    so is a folder surely given once."""

    def __init__(
        self,
        log: EventLog,
        ledger: Ledger,
        projection: Projection,
        pipelines: Pipelines,
        runs: Runs,
        clock: Clock,
        *,
        read_wait_seconds: float,
    ) -> None:
        self._log = log
        self._ledger = ledger
        self._projection = projection
        self._pipelines = pipelines
        self._runs = runs
        self._clock = clock
        self._read_wait_seconds = read_wait_seconds
        self._turn = asyncio.Lock()

    async def __call__(self, command: StartRun, origin: Origin) -> Receipt[RunStarted]:
        """Raises PipelineUnknown, BadText, BadFolder, BadVariable, MissingVariable, ProjectionBehind, Contended and
        what `Ledger.once` raises."""
        try:
            async with asyncio.timeout(TURN_SECONDS_MAX):
                await self._turn.acquire()
        except TimeoutError as error:
            raise Contended("Too many runs are being started at once; try again") from error
        try:
            return await self._ledger.once(origin, RunStarted, lambda: self._decide(command, origin))
        finally:
            self._turn.release()

    async def _decide(self, command: StartRun, origin: Origin) -> Proposal[RunStarted]:
        expected = await self._all_starts_seen()
        pipeline = await self._pipelines.defined(command.pipeline_id, command.pipeline_version)
        if pipeline is None:
            version = f" of version {command.pipeline_version}" if command.pipeline_version else ""
            raise PipelineUnknown(f"There is no pipeline {command.pipeline_id}{version}")
        now = self._clock()
        taken = await self._runs.folders_taken([dated_folder(run_name(command, pipeline, now), now)])
        run_id = RunId(derived_id("run", origin.event_id))
        return Proposal(start_run(command, pipeline, run_id, now, taken), expected)

    async def _all_starts_seen(self) -> Expectation:
        every_start = subjects.every_run(RunStarted)
        newest = await self._log.last_of(every_start)
        position = newest.position if newest else Position(0)
        if not await self._projection.reached(position, self._read_wait_seconds):
            raise ProjectionBehind(f"The read model does not show position {position} yet", position=position)
        return Expectation(every_start, position)
