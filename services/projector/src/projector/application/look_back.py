"""A run as it was at a position: folded on demand, the newest folds kept for the next look."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Final

from carnival.contracts.ids import RunId
from carnival.contracts.past import PastProblem, RunAtAnswer, RunAtAsked
from carnival.log.port import EventLog
from projector.application.ports import Verdicts
from projector.application.run_facts import run_at
from projector.application.run_history import RunHistory, history_of

HISTORIES_MAX: Final = 16
WEIGHT_MAX: Final = 150_000
"""Candidates, jobs and votes of all histories kept; a larger one is kept alone."""
AT_ONCE: Final = 2
SECONDS_MAX: Final = 20.0


class LookBack:
    """Answers about the past. Looks at one run that go forward cost what lies between them."""

    def __init__(self, log: EventLog, verdicts: Verdicts) -> None:
        self._log = log
        self._verdicts = verdicts
        self._kept: OrderedDict[int, tuple[RunId, RunHistory]] = OrderedDict()
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, asked: RunAtAsked) -> RunAtAnswer:
        """Raises StoreUnavailable and errors of the log."""
        try:
            async with asyncio.timeout(SECONDS_MAX), self._turn:
                return await self._look(asked)
        except TimeoutError:
            return RunAtAnswer(problem=PastProblem.TOO_LONG)

    async def _look(self, asked: RunAtAsked) -> RunAtAnswer:
        history = self._taken(asked) or await history_of(self._log, self._verdicts, asked)
        try:
            verdicts = await self._verdicts.about(asked.run_id, history.subjects)
            if verdicts.position < asked.position:
                return RunAtAnswer(problem=PastProblem.BEHIND)
            await history.go_to(asked.position, verdicts, asked.without)
            run = history.run()
            if run is None:
                return RunAtAnswer(problem=PastProblem.UNKNOWN_RUN)
            return RunAtAnswer(found=run_at(run, history.standing_votes(run, asked.after), asked, history.touched))
        finally:
            self._keep(asked.run_id, history)

    def forget(self) -> None:
        """Drop every history that is kept."""
        while self._kept:
            self._drop_oldest()

    def _taken(self, asked: RunAtAsked) -> RunHistory | None:
        """Of the histories kept of this run the one that comes nearest, taken out: one look uses it at a time."""
        near = [
            (history.position, key)
            for key, (run_id, history) in self._kept.items()
            if run_id == asked.run_id and history.tells(asked)
        ]
        return self._kept.pop(max(near)[1])[1] if near else None

    def _keep(self, run_id: RunId, history: RunHistory) -> None:
        self._kept[id(history)] = (run_id, history)
        while len(self._kept) > 1 and (len(self._kept) > HISTORIES_MAX or self._weight() > WEIGHT_MAX):
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        _, (_, history) = self._kept.popitem(last=False)
        history.take_apart()

    def _weight(self) -> int:
        return sum(history.weight for _, history in self._kept.values())
