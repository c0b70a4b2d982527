"""Asking a selector what it would do next (SEL-14)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeVar

import nats.errors
from nats.aio.client import Client
from pydantic import JsonValue, TypeAdapter, ValidationError

from carnival.contracts.ids import RunId
from carnival.contracts.subjects import NEXT_DECISION
from curation_api.domain.refusals import SelectorSilent

A = TypeVar("A")

ANSWER_SECONDS_MAX = 2.0

_ANSWER: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


class SelectorRequest:
    def __init__(self, connection: Client) -> None:
        self._connection = connection

    async def next_decision(self, run_id: RunId | None) -> dict[str, JsonValue]:
        """The selector's answer as it gave it. Raises SelectorSilent."""
        question = json.dumps({"run_id": run_id}).encode()
        return await ask_selector(self._connection, NEXT_DECISION, question, _ANSWER.validate_json, ANSWER_SECONDS_MAX)


async def ask_selector(
    connection: Client, subject: str, question: bytes, read: Callable[[bytes], A], seconds_max: float
) -> A:
    """The answer of any selector that listens at `subject`. Raises SelectorSilent."""
    try:
        answer = await connection.request(subject, question, timeout=seconds_max)
        return read(answer.data)
    except (nats.errors.Error, OSError) as error:
        raise SelectorSilent(f"No selector answered within {seconds_max:.0f} s") from error
    except ValidationError as error:
        raise SelectorSilent("The selector's answer cannot be read") from error
