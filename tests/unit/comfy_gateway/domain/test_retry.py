"""When to try again (CMF-4)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comfy_gateway.domain.retry import (
    Again,
    Enough,
    after_failed_call,
    look_again_pauses,
    pause_seconds,
)


def test_pauses_double_from_half_a_second() -> None:
    assert [after_failed_call(tries, 3, 0.0) for tries in (1, 2, 3)] == [Again(0.5), Again(1.0), Again(2.0)]


def test_retries_run_out() -> None:
    assert after_failed_call(4, 3, 0.0) == Enough()
    assert after_failed_call(1, 0, 0.0) == Enough()


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_a_pause_is_bounded_and_stretched_by_a_tenth_at_most(tries: int, chance: float) -> None:
    plain = pause_seconds(tries, 0.0)
    assert plain <= pause_seconds(tries, chance) <= plain * 1.1001 <= 33.1


def test_looking_again_takes_about_a_second_in_all() -> None:
    assert 0.9 < sum(look_again_pauses()) < 1.5
