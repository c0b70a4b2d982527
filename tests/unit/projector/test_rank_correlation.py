"""Rank correlations against those of scipy."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from projector.domain.rank_correlation import kendall, spearman

PAIRS = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=2, max_size=60)


@given(PAIRS)
def test_both_are_those_of_scipy(pairs: list[tuple[int, int]]) -> None:
    one, other = [left for left, _ in pairs], [right for _, right in pairs]
    if len(set(one)) == 1 or len(set(other)) == 1:
        assert kendall(one, other) is None
        assert spearman(one, other) is None
        return
    found: Any = stats.kendalltau(one, other)
    assert kendall(one, other) == pytest.approx(found.statistic, abs=1e-12)
    found = stats.spearmanr(one, other)
    assert spearman(one, other) == pytest.approx(found.statistic, abs=1e-12)


def test_long_lists_are_those_of_scipy_too() -> None:
    random = Random(1)
    one = [random.randrange(900, 1100) for _ in range(9_999)]
    other = [value + random.randrange(-50, 50) for value in one]
    found: Any = stats.kendalltau(one, other)
    assert kendall(one, other) == pytest.approx(found.statistic, abs=1e-12)


def test_the_ends_of_the_scale() -> None:
    up, down = [1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0]
    assert (kendall(up, up), spearman(up, up)) == (1, 1)
    assert (kendall(up, down), spearman(up, down)) == (-1, -1)
    assert kendall([], []) is spearman([1], [1]) is None
