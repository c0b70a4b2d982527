"""Formulas of the figures about work and money."""

from __future__ import annotations

from typing import Final

SECONDS_PER_HOUR: Final = 3600.0
DIGITS: Final = 4


def share(part: float, whole: float) -> float | None:
    """`part` for one of `whole`, to four digits; None where there is no whole."""
    return round(part / whole, DIGITS) if whole > 0 else None


def cost_of(gpu_seconds: float, hour_cost: float | None) -> float | None:
    """What the seconds cost at a price an hour, in the price's currency; None without a price."""
    return None if hour_cost is None else round(gpu_seconds / SECONDS_PER_HOUR * hour_cost, DIGITS)
