"""A run's history decided again, with other settings.

Every recorded request is put before the pure decision again, on the history as it would have been: told with the other
settings, and without the jobs that would not have been asked for. The projector's fold makes all void that depended on
them.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Final, Protocol

from carnival.contracts import subjects
from carnival.contracts.envelope import Recorded
from carnival.contracts.ids import Position
from carnival.contracts.job import JobRequested
from carnival.contracts.past import (
    CANDIDATES_MAX,
    WITHOUT_MAX,
    Altered,
    CandidateFacts,
    PastProblem,
    RunAt,
    RunAtAnswer,
    RunAtAsked,
)
from carnival.contracts.pipeline import PipelineDefined, StepDefinition
from carnival.contracts.run import RunStarted
from carnival.contracts.what_if import (
    LISTED_MAX,
    ExtraJobs,
    FinalMove,
    LeftOutJob,
    WhatIf,
    WhatIfAnswer,
    WhatIfAsked,
    WhatIfProblem,
)
from carnival.log.port import EventLog
from selector.application.retold_run import RetoldRun
from selector.domain.hindsight import LeftOut, StillAsked, Wish, reconsidered, with_wishes
from selector.domain.rules import Limits

SECONDS_MAX: Final = 20.0


class Past(Protocol):
    async def run_at(self, asked: RunAtAsked) -> RunAtAnswer:
        """Raises PastSilent."""
        ...


class Untold(Exception):
    """There is nothing to decide again."""

    def __init__(self, problem: WhatIfProblem) -> None:
        super().__init__(problem)
        self.problem = problem


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
        history = _Reconsidered(RetoldRun(steps, asked.altered), self._limits, asked)
        seen = started.position
        async with aclosing(self._requests(asked)) as requests:
            async for request in requests:
                now = max(seen, request.event.decision.read_position)
                await self._catch_up(asked, history.run, seen, now)
                seen = now
                history.look_at(request)
                if len(history.run.without) == WITHOUT_MAX:
                    raise Untold(WhatIfProblem.TOO_LONG)
        plain = await self._end(asked, Altered(), ())
        return history.result(plain, await self._end(asked, asked.altered, history.run.without))

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

    async def _catch_up(self, asked: WhatIfAsked, run: RetoldRun, since: Position, position: Position) -> None:
        """Take what was touched between the two positions, in pages."""
        after: Position | None = Position(0)
        while after is not None:
            found = await self._told(
                RunAtAsked(
                    run_id=asked.run_id,
                    position=position,
                    candidates_max=CANDIDATES_MAX,
                    after=after,
                    altered=run.altered,
                    without=tuple(run.without),
                    since=since,
                )
            )
            run.take(found)
            after = found.next

    async def _end(
        self, asked: WhatIfAsked, altered: Altered, without: Sequence[Position]
    ) -> tuple[RunAt, list[CandidateFacts]]:
        """The run at the end, and its live finals, best first."""
        question = RunAtAsked(run_id=asked.run_id, position=asked.position, altered=altered, without=tuple(without))
        run = await self._told(question)
        finals, after = list[CandidateFacts](), Position(0) if run.columns else None
        while after is not None:
            page = await self._told(
                question.model_copy(
                    update={
                        "after": after,
                        "candidates_max": CANDIDATES_MAX,
                        "step_order": run.columns[-1].step_order,
                    }
                )
            )
            finals += [final for final in page.candidates if final.live]
            after = page.next
        return run, sorted(finals, key=lambda final: (-final.rating, final.position))

    async def _told(self, asked: RunAtAsked) -> RunAt:
        answer = await self._past.run_at(asked)
        if answer.found is None:
            raise Untold(WhatIfProblem(answer.problem or PastProblem.UNAVAILABLE))
        return answer.found


class _Reconsidered:
    """What has come out so far."""

    def __init__(self, run: RetoldRun, limits: Limits, asked: WhatIfAsked) -> None:
        self.run = run
        self._limits = limits
        self._asked = asked
        self._wishes: list[Wish] = []
        self._left_out: list[LeftOutJob] = []
        self._decisions = self._same = self._drawn_otherwise = 0

    def look_at(self, request: Recorded[JobRequested]) -> None:
        job = request.event
        self._decisions += 1
        wish = Wish(job.step_order, job.parent.candidate_id if job.parent else None)
        if wish in self._wishes:
            self._wishes.remove(wish)
            return
        verdict = reconsidered(
            with_wishes(self.run.frontier(), self._wishes), job, self._limits, self.run.altered.policy
        )
        match verdict:
            case StillAsked(before=before, same=same, drawn_otherwise=otherwise):
                self._wishes += before
                self._same += same
                self._drawn_otherwise += otherwise
            case LeftOut(reason=reason):
                self.run.without.append(request.position)
                self._left_out.append(_left_out(job, reason))

    def result(self, plain: tuple[RunAt, list[CandidateFacts]], altered: tuple[RunAt, list[CandidateFacts]]) -> WhatIf:
        (before, finals_before), (after, finals_after) = plain, altered
        moves = _moves(finals_before, finals_after)
        extra = Counter(wish.step_order for wish in self._wishes)
        return WhatIf(
            run_id=self._asked.run_id,
            position=self._asked.position,
            decisions=self._decisions,
            same=self._same,
            drawn_otherwise=self._drawn_otherwise,
            left_out_total=len(self._left_out),
            left_out=tuple(self._left_out[:LISTED_MAX]),
            extra=tuple(ExtraJobs(step_order=order, jobs=jobs) for order, jobs in sorted(extra.items())),
            gpu_seconds=before.run.gpu_seconds,
            gpu_seconds_saved=round(before.run.gpu_seconds - after.run.gpu_seconds, 6),
            finals_before=len(finals_before),
            finals_after=len(finals_after),
            moves_total=len(moves),
            moves=tuple(moves[:LISTED_MAX]),
        )


def _left_out(job: JobRequested, reason: str) -> LeftOutJob:
    return LeftOutJob(
        job_id=job.job_id,
        number=job.number,
        step_order=job.step_order,
        parent_id=job.parent.candidate_id if job.parent else None,
        reason=reason,
    )


def _moves(before: Sequence[CandidateFacts], after: Sequence[CandidateFacts]) -> list[FinalMove]:
    """Finals whose place or rating is another one, by their place before; those that come new stand last."""
    then = {final.candidate_id: (place, final.rating) for place, final in enumerate(after, 1)}
    now = {final.candidate_id: (place, final.rating) for place, final in enumerate(before, 1)}
    return [
        FinalMove(
            candidate_id=one,
            place_before=now.get(one, (None, None))[0],
            place_after=then.get(one, (None, None))[0],
            rating_before=now.get(one, (None, None))[1],
            rating_after=then.get(one, (None, None))[1],
        )
        for one in dict.fromkeys([*now, *then])
        if now.get(one) != then.get(one)
    ]
