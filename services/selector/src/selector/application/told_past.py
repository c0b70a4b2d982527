"""A run of the past, told page by page by a projector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from carnival.contracts.ids import Position
from carnival.contracts.past import (
    CANDIDATES_MAX,
    Altered,
    CandidateFacts,
    PastProblem,
    RunAt,
    RunAtAnswer,
    RunAtAsked,
    RunFacts,
)
from carnival.contracts.what_if import WhatIfAsked, WhatIfProblem
from selector.application.retold_run import RetoldRun


class Past(Protocol):
    async def run_at(self, asked: RunAtAsked) -> RunAtAnswer:
        """Raises PastSilent."""
        ...


class Untold(Exception):
    """There is nothing to decide again."""

    def __init__(self, problem: WhatIfProblem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Ending:
    """The run at the end of its history, and its live finals, best first."""

    run: RunFacts
    finals: Sequence[CandidateFacts]


class ToldPast:
    """The history that `asked` is about. Everything raises Untold and PastSilent."""

    def __init__(self, past: Past, asked: WhatIfAsked) -> None:
        self._past = past
        self._asked = asked

    async def catch_up(self, run: RetoldRun, since: Position, position: Position) -> None:
        """Let `run` take what was touched between the two positions."""
        after: Position | None = Position(0)
        while after is not None:
            found = await self._told(
                RunAtAsked(
                    run_id=self._asked.run_id,
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

    async def ending(self, altered: Altered, without: Sequence[Position]) -> Ending:
        """Told with `altered` settings and without some of its events."""
        question = RunAtAsked(
            run_id=self._asked.run_id, position=self._asked.position, altered=altered, without=tuple(without)
        )
        told = await self._told(question)
        finals = list[CandidateFacts]()
        if told.columns:
            wanted = {"candidates_max": CANDIDATES_MAX, "step_order": told.columns[-1].step_order}
            finals = await self._live(question.model_copy(update=wanted))
        return Ending(told.run, sorted(finals, key=lambda final: (-final.rating, final.position)))

    async def _live(self, question: RunAtAsked) -> list[CandidateFacts]:
        """The live candidates of all pages."""
        found, after = list[CandidateFacts](), question.after
        while True:
            page = await self._told(question.model_copy(update={"after": after}))
            found += [one for one in page.candidates if one.live]
            if page.next is None:
                return found
            after = page.next

    async def _told(self, asked: RunAtAsked) -> RunAt:
        answer = await self._past.run_at(asked)
        if answer.found is None:
            raise Untold(WhatIfProblem(answer.problem or PastProblem.UNAVAILABLE))
        return answer.found
