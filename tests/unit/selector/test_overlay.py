"""Own events laid over a state that does not show them yet."""

from __future__ import annotations

from typing import Any

from unit.selector.build import choose, chosen_parent, parent, run, step

from carnival.contracts.candidate import CandidateRejected
from carnival.contracts.envelope import Event
from carnival.contracts.ids import CandidateId, Position, RunId
from carnival.contracts.run import StepPaused
from carnival.testing import examples
from selector.domain.choice import BaseGeneration
from selector.domain.frontier import RunStatus
from selector.domain.overlay import OwnEvent, open_jobs_with, overlaid
from selector.domain.work import NoWork, Obstacle


def own(event: Event, position: int = 60, run_id: str = "r1") -> OwnEvent:
    return OwnEvent(event, RunId(run_id), Position(position))


def request(number: int = 8, parent_id: str | None = None, **fields: Any) -> OwnEvent:
    return own(examples.job_requested(number, CandidateId(parent_id) if parent_id else None, **fields), 52 + number)


def test_a_requested_job_counts_everywhere() -> None:
    before = run(parent("a1", occupancy=1), parent("a2"), status=RunStatus.PENDING)
    after = overlaid(before, [request(8, "a1", step_order=2)])
    assert after.status is RunStatus.RUNNING
    assert (after.last_job_number, after.open_jobs, after.open_live_jobs) == (8, 1, 1)
    assert (after.last_position, after.served_position) == (60, 60)
    assert [candidate.occupancy for candidate in after.candidates] == [2, 0]
    assert [each.open_jobs for each in after.steps] == [0, 1, 0]


def test_several_choices_on_one_reading_stop_at_n_and_at_t() -> None:
    growing = overlaid(run(parent("a1", occupancy=1), t=1), [request(8, "a1")])
    assert choose(growing) == NoWork(Obstacle.TARGET_PROMISED)
    empty = overlaid(run(t=3), [request(8), request(9)])
    assert isinstance(choose(empty), BaseGeneration)
    assert choose(overlaid(empty, [request(10)])) == NoWork(Obstacle.TARGET_PROMISED)


def test_events_of_other_runs_change_nothing() -> None:
    before = run(parent("a1"))
    assert overlaid(before, [own(examples.job_requested(8), run_id="r2")]) == before


def test_a_step_paused_by_us_is_paused_at_once() -> None:
    steps = [step(1), step(2), step(3)]
    after = overlaid(
        run(parent("b1", 2), parent("a2", 1), steps=steps),
        [own(StepPaused(run_id=RunId("r1"), step_order=3, reason="x"))],
    )
    assert chosen_parent(after) == "a2"
    assert after.last_position == 60


def test_a_run_with_a_rejection_of_ours_waits_for_the_read_model() -> None:
    after = overlaid(run(parent("a1")), [own(CandidateRejected(run_id=RunId("r1"), candidate_id=CandidateId("a1")))])
    assert choose(after) == NoWork(Obstacle.UNSETTLED)


def test_a_cancellation_moves_the_position_and_frees_nothing_yet() -> None:
    before = run(parent("a1", occupancy=2), open_jobs=1)
    after = overlaid(before, [own(examples.job_cancelled(7))])
    assert after.last_position == 60
    assert (after.open_jobs, after.candidates) == (before.open_jobs, before.candidates)


def test_own_requests_count_as_open_jobs_of_their_pool() -> None:
    entries = [request(8), request(9, pool="large"), own(examples.job_cancelled(3))]
    assert open_jobs_with({"default": 2}, entries) == {"default": 3, "large": 1}
