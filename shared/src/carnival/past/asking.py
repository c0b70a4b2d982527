"""Question and answer over plain NATS."""

from __future__ import annotations

from typing import Final

import nats.errors
from nats.aio.client import Client
from pydantic import ValidationError

from carnival.contracts.past import RunAtAnswer, RunAtAsked
from carnival.contracts.subjects import RUN_AT

ANSWER_SECONDS_MAX: Final = 25.0
"""Longer than a projector folds for one question."""


class PastSilent(Exception):
    """No projector answered, or none that can be understood."""


class PastQuestions:
    def __init__(self, connection: Client) -> None:
        self._connection = connection

    async def run_at(self, asked: RunAtAsked) -> RunAtAnswer:
        """Raises PastSilent."""
        question = asked.model_dump_json().encode()
        try:
            answer = await self._connection.request(RUN_AT, question, timeout=ANSWER_SECONDS_MAX)
            return RunAtAnswer.model_validate_json(answer.data)
        except (nats.errors.Error, OSError) as error:
            raise PastSilent(f"No projector answered within {ANSWER_SECONDS_MAX:.0f} s") from error
        except ValidationError as error:
            raise PastSilent("The projector's answer cannot be read") from error
