"""A new run (RUN-6, CLI-2)."""

from __future__ import annotations

from carnival.contracts.ids import RunId, derived_id
from carnival.contracts.run import RunStarted
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Clock, Runs
from curation_api.application.runs.starting import Starting
from curation_api.domain.folder import dated_folder
from curation_api.domain.idempotency import Origin
from curation_api.domain.run_start import StartRun, run_name, start_run


class StartRunHandler:
    def __init__(self, ledger: Ledger, starting: Starting, runs: Runs, clock: Clock) -> None:
        self._ledger = ledger
        self._starting = starting
        self._runs = runs
        self._clock = clock

    async def __call__(self, command: StartRun, origin: Origin) -> Receipt[RunStarted]:
        """Raises PipelineUnknown, BadText, BadFolder, BadVariable, MissingVariable, ProjectionBehind, Contended and
        what `Ledger.once` raises."""
        async with self._starting.turn():
            return await self._ledger.once(origin, RunStarted, lambda: self._decide(command, origin))

    async def _decide(self, command: StartRun, origin: Origin) -> Proposal[RunStarted]:
        expected = await self._starting.all_starts_seen()
        pipeline = await self._starting.pipeline(command.pipeline_id, command.pipeline_version)
        now = self._clock()
        taken = await self._runs.folders_taken([dated_folder(run_name(command, pipeline, now), now)])
        run_id = RunId(derived_id("run", origin.event_id))
        return Proposal(start_run(command, pipeline, run_id, now, taken), expected)
