"""Asking a projector what a run was like."""

from __future__ import annotations

from typing import Final

import nats.errors
from nats.aio.client import Client
from pydantic import ValidationError

from carnival.contracts.past import PastProblem, RunAt, RunAtAnswer, RunAtAsked
from carnival.contracts.subjects import RUN_AT
from curation_api.domain.refusals import ProjectionBehind
from curation_api.domain.replay_refusals import HistoryLong, ProjectorSilent, RunNotBegun

ANSWER_SECONDS_MAX: Final = 25.0
"""Longer than a projector folds for one question."""


class PastRequest:
    """Implements `ports.Past`."""

    def __init__(self, connection: Client) -> None:
        self._connection = connection

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
        question = asked.model_dump_json().encode()
        try:
            answer = await self._connection.request(RUN_AT, question, timeout=ANSWER_SECONDS_MAX)
            return RunAtAnswer.model_validate_json(answer.data)
        except (nats.errors.Error, OSError) as error:
            raise ProjectorSilent(f"No projector answered within {ANSWER_SECONDS_MAX:.0f} s") from error
        except ValidationError as error:
            raise ProjectorSilent("The projector's answer cannot be read") from error
