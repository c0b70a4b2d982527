"""Asking a selector what it would do next (SEL-14)."""

from __future__ import annotations

import json

import nats.errors
from nats.aio.client import Client
from pydantic import JsonValue, TypeAdapter, ValidationError

from carnival.contracts.ids import RunId
from carnival.contracts.subjects import NEXT_DECISION
from curation_api.domain.refusals import SelectorSilent

ANSWER_SECONDS_MAX = 2.0

_ANSWER: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


class SelectorRequest:
    def __init__(self, connection: Client) -> None:
        self._connection = connection

    async def next_decision(self, run_id: RunId | None) -> dict[str, JsonValue]:
        """The selector's answer as it gave it. Raises SelectorSilent."""
        question = json.dumps({"run_id": run_id}).encode()
        try:
            answer = await self._connection.request(NEXT_DECISION, question, timeout=ANSWER_SECONDS_MAX)
            return _ANSWER.validate_json(answer.data)
        except (nats.errors.Error, OSError) as error:
            raise SelectorSilent(f"No selector answered within {ANSWER_SECONDS_MAX:.0f} s") from error
        except ValidationError as error:
            raise SelectorSilent("The selector's answer cannot be read") from error
