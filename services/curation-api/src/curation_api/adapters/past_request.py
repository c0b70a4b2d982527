"""Asking a projector what a run was like."""

from __future__ import annotations

from nats.aio.client import Client

from carnival.contracts.past import PastProblem, RunAt, RunAtAnswer, RunAtAsked
from carnival.past import PastQuestions, PastSilent
from curation_api.domain.refusals import ProjectionBehind
from curation_api.domain.replay_refusals import HistoryLong, ProjectorSilent, RunNotBegun


class PastRequest:
    """Implements `ports.Past`."""

    def __init__(self, connection: Client) -> None:
        self._questions = PastQuestions(connection)

    async def run_at(self, asked: RunAtAsked) -> RunAt:
        answer = await self._answer(asked)
        if answer.found is not None:
            return answer.found
        match answer.problem:
            case PastProblem.UNKNOWN_RUN:
                raise RunNotBegun(f"Run {asked.run_id} had not begun at position {asked.position}")
            case PastProblem.TOO_LONG:
                raise HistoryLong(f"Run {asked.run_id} has a long history up to position {asked.position}")
            case PastProblem.BEHIND:
                raise ProjectionBehind(
                    f"The read model does not show position {asked.position} yet", position=asked.position
                )
            case PastProblem.UNAVAILABLE | None:
                raise ProjectorSilent("The projector cannot look back right now")

    async def _answer(self, asked: RunAtAsked) -> RunAtAnswer:
        try:
            return await self._questions.run_at(asked)
        except PastSilent as silent:
            raise ProjectorSilent(str(silent)) from silent
