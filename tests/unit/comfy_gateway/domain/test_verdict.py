"""What history and queue mean (CMF-2, CMF-3)."""

from __future__ import annotations

from typing import Any

import pytest

from comfy_gateway.domain.verdict import (
    Broken,
    Finished,
    Interrupted,
    Rendering,
    Unknown,
    Waiting,
    queue_of,
    verdict_of,
)

START = ["execution_start", {"prompt_id": "p", "timestamp": 1000}]


def entry(status: dict[str, Any], outputs: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"outputs": outputs or {}, "status": status}


def error(*messages: list[Any]) -> dict[str, Any]:
    return entry({"status_str": "error", "completed": False, "messages": [START, *messages]})


def test_success_is_finished_with_its_seconds() -> None:
    messages = [START, ["execution_success", {"timestamp": 2500}]]
    status = {"status_str": "success", "completed": True, "messages": messages}
    assert verdict_of(entry(status, {"9": {}})) == Finished({"9": {}}, 1.5)


def test_completed_without_a_verdict_is_finished() -> None:
    assert verdict_of(entry({"completed": True})) == Finished({}, 0.0)


@pytest.mark.parametrize("status", [{}, {"completed": False}, {"status_str": None, "messages": None}])
def test_an_entry_with_neither_is_still_rendering(status: dict[str, Any]) -> None:
    assert verdict_of(entry(status)) == Rendering()


def test_the_first_execution_error_counts() -> None:
    first = {"node_id": "2", "node_type": "Blur", "exception_type": "RuntimeError", "exception_message": "bad\n"}
    second = {**first, "exception_message": "worse"}
    verdict = verdict_of(error(["execution_error", {**first, "timestamp": 1200}], ["execution_error", second]))
    assert verdict == Broken("bad", "RuntimeError", "2", "Blur", 0.2)


@pytest.mark.parametrize("messages", [[], [["execution_error", {}]], [["odd"], 5, "x"]])
def test_an_error_without_words_is_an_unknown_error(messages: list[Any]) -> None:
    verdict = verdict_of(error(*messages))
    assert isinstance(verdict, Broken)
    assert verdict.message == "Unknown error"


def test_an_interruption_is_no_failure() -> None:
    assert verdict_of(error(["execution_interrupted", {"timestamp": 1100}])) == Interrupted(0.1)


def test_an_error_entry_with_outputs_is_still_an_error() -> None:
    status = {"status_str": "error", "messages": [["execution_error", {"exception_message": "x"}]]}
    assert isinstance(verdict_of(entry(status, {"9": {"images": [{"filename": "draft.png"}]}})), Broken)


@pytest.mark.parametrize("junk", [None, [], "text", 5, {}, {"status": []}])
def test_junk_is_not_believed(junk: Any) -> None:
    assert verdict_of(junk) == Rendering()


def test_the_queue_says_waiting_or_rendering() -> None:
    queue = queue_of({"queue_running": [[1, "a", {}, {}, []]], "queue_pending": [[3, "c"], [2, "b"], "junk", []]})
    assert queue.verdict("a") == Rendering()
    assert queue.verdict("b") == queue.verdict("c") == Waiting()
    assert queue.verdict("d") == queue_of(None).verdict("a") == Unknown()
