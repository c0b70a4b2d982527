"""How long a job is left to the gateway that submitted it (JOB-9)."""

from __future__ import annotations

from carnival.contracts.ids import JobId
from comfy_gateway.application.leave_elsewhere import REMEMBERED_MAX, LeaveElsewhere


def test_the_time_runs_from_the_first_delivery_here() -> None:
    now = 0.0
    left = LeaveElsewhere(10, lambda: now)
    assert left(JobId("a"))
    now = 9.9
    assert left(JobId("a"))
    assert left(JobId("b"))
    now = 10.0
    assert not left(JobId("a"))
    assert left(JobId("b"))


def test_only_so_many_jobs_are_remembered() -> None:
    now = 0.0
    left = LeaveElsewhere(10, lambda: now)
    for number in range(REMEMBERED_MAX + 1):
        assert left(JobId(str(number)))
    now = 20.0
    assert left(JobId("0"))
    assert not left(JobId(str(REMEMBERED_MAX)))
