"""A run's history decided again, with other settings.

Every recorded request is put before the pure decision again, on the history as it would have been: told with the other
settings, and without the jobs that would not have been asked for. The projector's fold makes all void that depended on
them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Final

from carnival.contracts import subjects
from carnival.contracts.envelope import Recorded
from carnival.contracts.ids import Position
from carnival.contracts.job import JobRequested
from carnival.contracts.past import WITHOUT_MAX, Altered
from carnival.contracts.pipeline import PipelineDefined, StepDefinition
from carnival.contracts.run import RunStarted
from carnival.contracts.what_if import WhatIf, WhatIfAnswer, WhatIfAsked, WhatIfProblem
from carnival.log.port import EventLog
from selector.application.reconsidered import Reconsidered
from selector.application.retold_run import RetoldRun
from selector.application.told_past import Past, ToldPast, Untold
from selector.domain.rules import Limits

SECONDS_MAX: Final = 20.0


class ReconsiderHistory:
    def __init__(self, log: EventLog, past: Past, limits: Limits) -> None:
        self._log = log
        self._past = past
        self._limits = limits
        self._turn = asyncio.Lock()

    async def __call__(self, asked: WhatIfAsked) -> WhatIfAnswer:
        """One at a time, so that the choosing of jobs is not held up. Raises PastSilent and errors of the log."""
        if self._turn.locked():
            return WhatIfAnswer(problem=WhatIfProblem.BUSY)
        try:
            async with self._turn, asyncio.timeout(SECONDS_MAX):
                return WhatIfAnswer(found=await self._reconsider(asked))
        except TimeoutError:
            return WhatIfAnswer(problem=WhatIfProblem.TOO_LONG)
        except Untold as untold:
            return WhatIfAnswer(problem=untold.problem)

    async def _reconsider(self, asked: WhatIfAsked) -> WhatIf:
        started, steps = await self._beginning(asked)
        history = Reconsidered(RetoldRun(steps, asked.altered), self._limits, asked)
        past, seen = ToldPast(self._past, asked), started.position
        async with aclosing(self._requests(asked)) as requests:
            async for request in requests:
                now = max(seen, request.event.decision.read_position)
                await past.catch_up(history.run, seen, now)
                seen = now
                history.look_at(request)
                if len(history.run.without) == WITHOUT_MAX:
                    raise Untold(WhatIfProblem.TOO_LONG)
        plain = await past.ending(Altered(), ())
        return history.result(plain, await past.ending(asked.altered, history.run.without))

    async def _beginning(self, asked: WhatIfAsked) -> tuple[Recorded[RunStarted], Sequence[StepDefinition]]:
        entry = await self._log.next_of(subjects.one_of_run(asked.run_id, RunStarted), Position(0))
        if not isinstance(entry, Recorded) or not isinstance(entry.event, RunStarted):
            raise Untold(WhatIfProblem.UNKNOWN_RUN)
        defined = await self._log.at(entry.event.pipeline_position)
        if not isinstance(defined, Recorded) or not isinstance(defined.event, PipelineDefined):
            raise Untold(WhatIfProblem.UNKNOWN_RUN)
        started = Recorded(entry.event, entry.meta, entry.position, entry.subject)
        return started, defined.event.steps

    async def _requests(self, asked: WhatIfAsked) -> AsyncGenerator[Recorded[JobRequested]]:
        wanted = subjects.every_place(JobRequested, asked.run_id)
        async with aclosing(self._log.read(Position(0), subjects=wanted)) as batches:
            async for batch in batches:
                for entry in batch:
                    if entry.position > asked.position:
                        return
                    if isinstance(entry, Recorded) and isinstance(entry.event, JobRequested):
                        yield Recorded(entry.event, entry.meta, entry.position, entry.subject)
