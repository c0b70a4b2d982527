"""A run for every cell of a matrix: all of them or none."""

from __future__ import annotations

from collections.abc import Sequence

from carnival.contracts.envelope import Event
from carnival.contracts.ids import MatrixId, RunId, derived_id
from carnival.contracts.run import MatrixCell
from curation_api.application.batch_ledger import BatchLedger, BatchReceipt, Proposals
from curation_api.application.ports import Clock, Runs
from curation_api.application.runs.starting import Starting
from curation_api.domain.idempotency import Origin
from curation_api.domain.run_matrix import StartMatrix, cells_of, folders_of, start_matrix


class StartMatrixHandler:
    def __init__(self, ledger: BatchLedger, starting: Starting, runs: Runs, clock: Clock) -> None:
        self._ledger = ledger
        self._starting = starting
        self._runs = runs
        self._clock = clock

    async def __call__(self, command: StartMatrix, origin: Origin) -> tuple[MatrixId, BatchReceipt]:
        """The receipt's items are the runs in the order of their cells. Raises BadMatrix and as `StartRunHandler`."""
        matrix_id = MatrixId(derived_id("matrix", origin.event_id))
        cells = cells_of(matrix_id, command.axes)
        runs = {cell.number: RunId(derived_id("run", origin.event_id, cell.number)) for cell in cells}
        async with self._starting.turn():
            receipt = await self._ledger.once(origin, list(runs.values()), lambda: self._decide(command, cells, runs))
        return matrix_id, receipt

    async def _decide(
        self, command: StartMatrix, cells: Sequence[MatrixCell], runs: dict[int, RunId]
    ) -> Proposals[Event]:
        expected = await self._starting.all_starts_seen()
        pipeline = await self._starting.pipeline(command.run.pipeline_id, command.run.pipeline_version)
        now = self._clock()
        taken = await self._runs.folders_taken(folders_of(command, pipeline, cells, now))
        started = start_matrix(command, pipeline, runs, cells, now, taken)
        return Proposals({event.run_id: event for event in started.values()}, expected)
