"""When a server is trusted with jobs: a small state machine under every order of events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnival.contracts.job import FailureClass, FailureCode
from comfy_gateway.domain.failure import Failure, of_infrastructure
from comfy_gateway.domain.health import Health, HealthRules, is_own_fault

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RULES = HealthRules(strikes_max=3, window_seconds=600, first_pause_seconds=10, longest_pause_seconds=100)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def struck(times: int, health: Health | None = None, *, since: float = 0) -> Health:
    health = health or Health()
    for number in range(times):
        health = health.struck(RULES, f"trouble {number}", at(since + number))
    return health


def pause_of(health: Health, now: datetime) -> float:
    assert health.quarantine is not None
    return (health.quarantine.until - now).total_seconds()


def test_the_third_strike_within_the_window_means_quarantine() -> None:
    assert struck(2).quarantine is None
    quarantine = struck(3).quarantine
    assert quarantine is not None
    assert (quarantine.since, quarantine.until) == (at(2), at(12))
    assert quarantine.reason == ("It failed 3 times within 600 s for reasons of its own, the last: trouble 2")


def test_old_strikes_do_not_count() -> None:
    assert struck(1, struck(2), since=700).quarantine is None


def test_a_job_that_ends_well_clears_everything() -> None:
    assert struck(2).proved() == Health()
    assert struck(3).proved() == Health()


def test_each_failed_canary_doubles_the_pause_up_to_the_longest() -> None:
    health = struck(3)
    pauses: list[float] = []
    for number in range(6):
        now = at(100 * number)
        health = health.canary_failed(RULES, "no", now)
        pauses.append(pause_of(health, now))
    assert pauses == [20, 40, 80, 100, 100, 100]
    assert health.quarantine is not None
    assert health.quarantine.canaries == 6
    assert health.quarantine.reason.endswith("the last: trouble 2; canary 6 failed: no")


def test_one_who_relapses_waits_longer_until_a_job_ended_well() -> None:
    back = struck(3).canary_passed()
    assert (back.quarantine, back.strikes) == (None, ())
    assert pause_of(struck(3, back, since=50), at(52)) == 20
    assert pause_of(struck(3, back.proved(), since=50), at(52)) == 10


def test_a_canary_goes_when_the_pause_is_over() -> None:
    health = struck(3)
    assert not health.wants_canary(at(11.9))
    assert health.wants_canary(at(12))
    assert health.wants_canary(at(-3600)), "the clock was set back: nobody waits for an hour"
    assert not Health().wants_canary(at(1e6))


STEPS = st.lists(
    st.tuples(st.sampled_from(["struck", "proved", "passed", "failed"]), st.floats(min_value=0, max_value=400)),
    max_size=60,
)


@given(STEPS)
def test_in_any_order_pauses_stay_bounded_and_nothing_but_strikes_leads_into_quarantine(
    steps: list[tuple[str, float]],
) -> None:
    health, now, in_a_row = Health(), NOON, 0
    for what, seconds in steps:
        now += timedelta(seconds=seconds)
        before = health
        match what:
            case "struck":
                health, in_a_row = before.struck(RULES, "x", now), in_a_row + 1
            case "proved":
                health, in_a_row = before.proved(), 0
            case "passed":
                health = before.canary_passed()
            case _:
                health = before.canary_failed(RULES, "x", now)
        if before.quarantine is None and health.quarantine is not None:
            assert what == "struck"
            assert in_a_row >= RULES.strikes_max
        if health.quarantine is not None and health.quarantine != before.quarantine:
            assert RULES.first_pause_seconds <= pause_of(health, now) <= RULES.longest_pause_seconds
        if before.quarantine is not None and health.quarantine is not None:
            assert health.quarantine.since == before.quarantine.since
            assert health.quarantine.until >= before.quarantine.until or what == "failed"
        assert len(health.strikes) < RULES.strikes_max


@pytest.mark.parametrize(
    ("failure", "own"),
    [
        (of_infrastructure(FailureCode.LOST, "lost"), True),
        (of_infrastructure(FailureCode.NODE_TIMEOUT, "slow"), True),
        (of_infrastructure(FailureCode.UNREACHABLE, "silent"), True),
        (of_infrastructure(FailureCode.SERVER_ERROR, "CUDA error"), True),
        (of_infrastructure(FailureCode.BAD_IMAGE, "cut off"), True),
        (of_infrastructure(FailureCode.INTERRUPTED, "somebody"), False),
        (of_infrastructure(FailureCode.INTERNAL, "ours"), False),
        (of_infrastructure(FailureCode.PARENT_UNAVAILABLE, "the store's"), False),
        (Failure(FailureCode.BAD_IMAGE, FailureClass.GRAPH, "too large"), False),
        (Failure(FailureCode.EXECUTION_ERROR, FailureClass.CONTENT, "the picture's"), False),
        (Failure(FailureCode.OUT_OF_MEMORY, FailureClass.MEMORY, "too big"), False),
    ],
)
def test_only_what_is_the_servers_own_fault_is_held_against_it(failure: Failure, own: bool) -> None:
    assert is_own_fault(failure) is own
