"""WebSocket frames as hints."""

from __future__ import annotations

from typing import Any

import pytest

from comfy_gateway.domain.hint import Advanced, Began, Cached, Ended, Hint, QueueChanged, Running, hint_of


def frame(kind: str, **data: Any) -> dict[str, Any]:
    return {"type": kind, "data": data}


@pytest.mark.parametrize(
    ("received", "hint"),
    [
        (frame("status", status={"exec_info": {"queue_remaining": 2}}, sid="x"), QueueChanged(2)),
        (frame("execution_start", prompt_id="p", timestamp=1), Began("p")),
        (frame("execution_cached", prompt_id="p", nodes=["1", "2"]), Cached("p", 2)),
        (frame("execution_success", prompt_id="p"), Ended("p")),
        (frame("execution_error", prompt_id="p"), Ended("p")),
        (frame("execution_interrupted", prompt_id="p"), Ended("p")),
        (frame("executing", prompt_id="p", node=None), Ended("p")),
        (frame("executing", prompt_id="p", node="3"), None),
        (frame("executing", node="3"), None),
        (frame("executed", prompt_id="p", node="3", output={}), None),
        (frame("something new", prompt_id="p"), None),
    ],
)
def test_frames_become_hints(received: Any, hint: Hint | None) -> None:
    assert hint_of(received) == hint


def test_progress_counts_finished_nodes_and_fractions() -> None:
    nodes = {
        "1": {"value": 1.0, "max": 1.0, "state": "finished"},
        "2": {"value": 3, "max": 0, "state": "running"},
        "3": {"value": 5, "max": 20, "state": "running"},
        "4": None,
    }
    expected = Advanced("p", 1.25, Running("3", 5, 20))
    assert hint_of(frame("progress_state", prompt_id="p", nodes=nodes)) == expected


def test_a_node_of_a_group_is_shown_as_the_group() -> None:
    nodes = {"7.0.2": {"value": 1, "max": 4, "state": "running", "display_node_id": "7"}}
    assert hint_of(frame("progress_state", prompt_id="p", nodes=nodes)) == Advanced("p", 0.25, Running("7", 1, 4))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400, "5", True, None])
def test_a_value_that_is_no_number_is_no_progress(value: Any) -> None:
    nodes = {"1": {"value": value, "max": 10, "state": "running"}}
    assert hint_of(frame("progress_state", prompt_id="p", nodes=nodes)) == Advanced("p", 0.0)


def test_between_two_nodes_none_runs() -> None:
    nodes = {"1": {"value": 1.0, "max": 1.0, "state": "finished"}}
    assert hint_of(frame("progress_state", prompt_id="p", nodes=nodes)) == Advanced("p", 1.0)


@pytest.mark.parametrize("junk", [None, 5, "x", [], {}, {"type": "status"}, {"data": {}}, {"type": [], "data": 5}])
def test_junk_is_survived(junk: Any) -> None:
    assert hint_of(junk) in (None, QueueChanged(0))
