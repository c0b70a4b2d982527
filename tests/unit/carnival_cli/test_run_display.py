"""A run and its jobs on the screen."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console, RenderableType

from carnival_cli.api.views.run import Job, Run
from carnival_cli.run_display import duration, job_bars, run_summary

COLUMN = {"order": 1, "name": "Base", "slug": "base", "live": 2, "rejected": 0, "dead": 0, "open_jobs": 2}
RUN: dict[str, Any] = {
    **dict.fromkeys(("live", "rejected", "dead", "finals", "images", "votes", "gpu_seconds"), 0),
    **dict.fromkeys(("name", "pipeline_id", "pipeline_name"), "Pier"),
    "run_id": "r1",
    "status": "running",
    "paused": False,
    "n": 5,
    "t": 10,
    "open_jobs": 2,
    "steps": [COLUMN],
    "created_at": "2026-01-01T00:00:00Z",
    "last_position": 7,
}


def printed(shown: RenderableType) -> str:
    console = Console(file=io.StringIO(), width=120)
    console.print(shown)
    return console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (59, "59 s"), (59.5, "1 min"), (61, "2 min"), (3600, "1 h 0 min"), (7500, "2 h 5 min")],
)
def test_a_duration_is_as_exact_as_it_helps(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_the_estimate_is_shown_where_there_is_one() -> None:
    assert "About 2 min left." in printed(run_summary(Run.model_validate({**RUN, "seconds_left": 90.0})))
    assert "left" not in printed(run_summary(Run.model_validate(RUN)))


def test_a_paused_step_says_why() -> None:
    paused = {**COLUMN, "paused": True, "pause_reason": "No server has x.safetensors"}
    assert "Step 1 is paused: No server has x.safetensors" in printed(
        run_summary(Run.model_validate({**RUN, "steps": [paused]}))
    )


def test_each_job_at_a_server_has_its_bar() -> None:
    drawing = {"percent": 62, "step": 10, "steps": 20, "node": "Draw"}
    jobs = [
        Job.model_validate({"job_id": "b", "number": 8, "step_order": 1, "state": "submitted", "node": "n1"}),
        Job.model_validate({"job_id": "a", "number": 7, "step_order": 1, "state": "submitted", "progress": drawing}),
    ]
    first, second = printed(job_bars(Run.model_validate(RUN), jobs)).splitlines()
    assert [word in first for word in ("job 7", "Base", "62 %", "Draw 10/20")] == [True] * 4
    assert [word in second for word in ("job 8", "waits", "at n1")] == [True] * 3
