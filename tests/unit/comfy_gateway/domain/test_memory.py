"""Where a job that ran out of memory goes next (FAIL-6)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfy_gateway.domain.memory import (
    ATTEMPTS_MAX,
    AgainHere,
    Enough,
    MemoryDecision,
    MoveOn,
    after_running_out,
    is_worth_a_try,
)

GIB = 1024**3
ANY = st.integers(0, 200 * GIB)


@pytest.mark.parametrize(
    ("tried", "servers", "decision"),
    [
        ([8], [8], AgainHere()),
        ([8], [8, 24], AgainHere()),
        ([8, 8], [8, 24], MoveOn()),
        ([8, 8, 24], [8, 24, 80], MoveOn()),
        ([8, 8], [8, 8], Enough()),
        ([8, 8], [], Enough()),
        ([8, 8, 24], [8, 24], Enough()),
        ([8, 8, 24, 48], [80], Enough()),
        ([0, 0], [0], Enough()),
        ([0, 0], [0, 8], MoveOn()),
    ],
)
def test_first_again_after_freeing_then_where_there_is_more_then_no_more(
    tried: list[int], servers: list[int], decision: MemoryDecision
) -> None:
    assert after_running_out([each * GIB for each in tried], [each * GIB for each in servers]) == decision


def test_two_cards_of_one_kind_are_equal_though_they_differ_by_some_megabytes() -> None:
    assert not is_worth_a_try(24 * GIB + 12 * 1024**2, [24 * GIB, 24 * GIB])


@given(st.lists(ANY, min_size=1, max_size=10), st.lists(ANY, max_size=10))
def test_the_attempts_of_a_job_are_bounded_and_never_wasted_on_a_server_with_less(
    tried: list[int], servers: list[int]
) -> None:
    decision = after_running_out(tried, servers)
    if len(tried) >= ATTEMPTS_MAX:
        assert decision == Enough()
    if decision == MoveOn():
        assert max(servers) > max(tried)
        assert any(is_worth_a_try(server, tried) for server in servers)
