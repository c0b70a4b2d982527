"""DASH-2, DASH-3, RUN-7."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from carnival.contracts.run import Ceilings
from curation_api.domain.dashboard import Halt, StepFigures, goals, halts, percent

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def figures(order: int, live: int, k: int | None = None, cap: int | None = None) -> StepFigures:
    return StepFigures(order=order, cap=cap, live=live, approved_k=k)


@pytest.mark.parametrize(
    ("done", "target", "expected"), [(1, 3, 33), (2, 3, 67), (1, 8, 13), (1, 200, 1), (0, 5, 0), (6, 5, 120), (3, 0, 0)]
)
def test_half_rounds_up_and_nothing_of_nothing_is_nothing(done: int, target: int, expected: int) -> None:
    assert percent(done, target) == expected


def test_an_autonomous_run_aims_at_its_finals_only() -> None:
    found = goals([figures(1, 4), figures(2, 10)], "autonomous", n=5, t=10)
    assert [(goal.target, goal.percent, goal.complete) for goal in found] == [(None, None, False), (10, 100, True)]


def test_a_gated_run_aims_at_what_its_approvals_allow() -> None:
    steps = [figures(1, live=4, k=3), figures(2, live=2, k=9), figures(3, live=0, cap=1), figures(4, live=0)]
    found = goals(steps, "gated", n=5, t=10)
    assert [goal.target for goal in found] == [5, 15, 2, 0]
    assert not found[3].complete


@pytest.mark.parametrize(
    ("fields", "reasons"),
    [
        ({}, ()),
        ({"status": "completed"}, (Halt.COMPLETED,)),
        ({"paused": True}, (Halt.PAUSED,)),
        ({"images": 5, "ceilings": Ceilings(images=5)}, (Halt.IMAGES_REACHED,)),
        ({"images": 4, "ceilings": Ceilings(images=5)}, ()),
        ({"images": 3, "open_jobs": 2, "ceilings": Ceilings(images=5)}, (Halt.IMAGES_REACHED,)),
        ({"images": 3, "open_jobs": 1, "ceilings": Ceilings(images=5)}, ()),
        ({"gpu_seconds": 9.0, "ceilings": Ceilings(gpu_seconds=9)}, (Halt.GPU_SECONDS_REACHED,)),
        ({"gpu_seconds": 8.9, "open_jobs": 2, "ceilings": Ceilings(gpu_seconds=9)}, ()),
        ({"gpu_seconds": 9.5, "ceilings": Ceilings(gpu_seconds=9)}, (Halt.GPU_SECONDS_REACHED,)),
        ({"ceilings": Ceilings(deadline=NOW)}, (Halt.DEADLINE_PASSED,)),
        ({"ceilings": Ceilings(deadline=NOW + timedelta(seconds=1))}, ()),
    ],
)
def test_a_run_says_why_it_stands_still(fields: dict[str, object], reasons: tuple[Halt, ...]) -> None:
    base: dict[str, object] = {
        "status": "running",
        "paused": False,
        "images": 0,
        "open_jobs": 0,
        "gpu_seconds": 0.0,
        "ceilings": Ceilings(),
        "now": NOW,
    }
    assert halts(**{**base, **fields}) == reasons  # type: ignore[arg-type]
