"""What every start of runs stands on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from carnival.contracts import subjects
from carnival.contracts.ids import PipelineId, Position
from carnival.contracts.run import RunStarted
from carnival.log.port import EventLog, Expectation
from curation_api.application.known import known, pipeline_named
from curation_api.application.ports import Pipelines, Projection
from curation_api.domain.refusals import Contended, PipelineUnknown, ProjectionBehind
from curation_api.domain.run_start import DefinedPipeline

TURN_SECONDS_MAX: Final = 10.0


class Starting:
    """Starts happen one after the other, here by a lock and between processes by an expectation over all starts: only
    so is a folder surely given once."""

    def __init__(
        self, log: EventLog, projection: Projection, pipelines: Pipelines, *, read_wait_seconds: float
    ) -> None:
        self._log = log
        self._projection = projection
        self._pipelines = pipelines
        self._read_wait_seconds = read_wait_seconds
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """Raises Contended when it does not come within ten seconds."""
        try:
            async with asyncio.timeout(TURN_SECONDS_MAX):
                await self._turn.acquire()
        except TimeoutError as error:
            raise Contended("Too many runs are being started at once; try again") from error
        try:
            yield
        finally:
            self._turn.release()

    async def all_starts_seen(self) -> Expectation:
        """That no run was started since the read model was read. Raises ProjectionBehind."""
        every_start = subjects.every_run(RunStarted)
        newest = await self._log.last_of(every_start)
        position = newest.position if newest else Position(0)
        if not await self._projection.reached(position, self._read_wait_seconds):
            raise ProjectionBehind(f"The read model does not show position {position} yet", position=position)
        return Expectation(every_start, position)

    async def pipeline(self, pipeline_id: PipelineId, version: int | None) -> DefinedPipeline:
        """The version asked for, the newest for None. Raises PipelineUnknown."""
        pipeline = await self._pipelines.defined(pipeline_id, version)
        return known(pipeline, PipelineUnknown, pipeline_named(pipeline_id, version))
