"""Elo with whole numbers (ELO-1 to ELO-6; formula: A. Elo, The Rating of Chessplayers, 1978)."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

INITIAL: Final = 1000
K: Final = 32
SPREAD: Final = 400

WON: Final = 1.0
TIED: Final = 0.5


@lru_cache(maxsize=8192)
def change(lead: int, result: float) -> int:
    """What a player leading by `lead` points gains (or loses) with `result`; the other one gets the opposite.

    Rounded to the nearest whole number, halves away from zero.
    """
    expected = 1.0 / (1.0 + math.pow(10.0, -_bounded(lead) / SPREAD))
    exact = K * (result - expected)
    return math.floor(exact + 0.5) if exact >= 0 else math.ceil(exact - 0.5)


def _bounded(lead: int) -> int:
    """Far beyond 720 points nothing changes any more, while the power would overflow."""
    return max(-40_000, min(40_000, lead))
