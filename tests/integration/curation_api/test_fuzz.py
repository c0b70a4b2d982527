"""Whatever the OpenAPI document allows or forbids is sent; whatever is answered must be what the document says.

Schemathesis makes the requests: a few for each operation here, with the same seed each time, and as many as
`--fuzz-cases` says in `make fuzz`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from integration.curation_api.hub import Hub, running_hub
from schemathesis import Case
from schemathesis.checks import CheckContext, not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    ensure_resource_availability,
    ignored_auth,
    positive_data_acceptance,
    use_after_free,
)

ENDLESS = frozenset({"follow_changes"})
"""An answer without an end; test_http.py and the change feed's own tests are about it."""
LEFT_OUT = [ignored_auth, use_after_free, ensure_resource_availability, not_a_server_error, positive_data_acceptance]
"""Checks about sequences of requests, and those that `no_fault_of_ours` and `understood` say more exactly."""
AWAY = {"/problems/selector-silent", "/problems/projection-behind"}
"""There is no selector in this hub, and a projector may lag."""
NOT_UNDERSTOOD = {"/problems/invalid-request", "/problems/bad-json", "/problems/media-type-unsupported"}
READY_SECONDS = 60


@contextmanager
def served_hub(nats_url: str, postgres_url: str, root: Path) -> Generator[str]:
    """A hub in a thread of its own with a pipeline, a run and two images; gives its address."""
    ready: Queue[str | BaseException] = Queue()
    over = threading.Event()

    async def serve() -> None:
        async with running_hub(nats_url, postgres_url, root, read_wait_seconds=0.2) as hub:
            await _furnish(hub)
            ready.put(str(hub.http.base_url))
            await asyncio.to_thread(over.wait)

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:
            ready.put(error)

    thread = threading.Thread(target=run, name="served-hub")
    thread.start()
    try:
        found = ready.get(timeout=READY_SECONDS)
        if isinstance(found, BaseException):
            raise found
        yield found
    finally:
        over.set()
        thread.join()


async def _furnish(hub: Hub) -> None:
    run_id = await hub.run()
    left, right = await hub.image(run_id), await hub.image(run_id)
    await hub.vote(left, right)


@pytest.mark.timeout(0)
def test_every_operation_answers_as_the_document_says(
    nats_url: str, postgres_url: str, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    cases = int(str(pytestconfig.getoption("--fuzz-cases")))
    with served_hub(nats_url, postgres_url, tmp_path) as url:
        schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
        wrong: list[str] = []
        for result in schema.get_all_operations():
            assert isinstance(result, Ok), result
            operation = result.ok()
            if operation.definition.raw["operationId"] not in ENDLESS:
                wrong += _violations(operation, cases)
        assert wrong == [], "\n\n".join(wrong)


def _violations(operation: APIOperation[Any, Any, Any, Any], cases: int) -> list[str]:
    found: list[str] = []
    for mode in GenerationMode:

        @seed(1)
        @settings(
            max_examples=cases,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
            phases=[Phase.explicit, Phase.generate],
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def send(case: Case[Any]) -> None:
            case.call_and_validate(excluded_checks=LEFT_OUT, additional_checks=[no_fault_of_ours, understood])

        try:
            send()
        except Unsatisfiable:
            continue  # nothing about this operation can be wrong: it takes nothing
        except Exception as error:
            found.append(f"{operation.label} ({mode.value}): {_words(error)}")
    return found


def no_fault_of_ours(_: CheckContext, response: Response, __: Case[Any]) -> None:
    """Nothing fails but what really is away."""
    assert response.status_code < 500 or response.json()["type"] in AWAY, response.text


def understood(_: CheckContext, response: Response, case: Case[Any]) -> None:
    """What fits the document is understood. It may still be refused, with a kind of problem of its own."""
    if case.meta and case.meta.generation.mode.is_positive and response.status_code >= 400:
        assert response.json()["type"] not in NOT_UNDERSTOOD, response.text


def _words(error: Exception) -> str:
    inner = error.exceptions if isinstance(error, ExceptionGroup) else [error]
    return "\n".join(str(one)[:1500] for one in inner)
