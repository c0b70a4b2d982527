"""Formulas of the figures about work and money (DASH, MON)."""

from __future__ import annotations

from curation_api.domain.analytics import cost_of, share


def test_a_share_of_nothing_is_unknown() -> None:
    assert (share(3, 0), share(0, 4), share(1, 3)) == (None, 0.0, 0.3333)


def test_the_cost_is_unknown_without_a_price_and_nothing_for_free() -> None:
    assert (cost_of(1800, None), cost_of(1800, 0), cost_of(1800, 1.5)) == (None, 0.0, 0.75)
