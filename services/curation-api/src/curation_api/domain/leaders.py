"""The leaders of a run (WIN-1)."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nsmallest
from typing import Final, Protocol, TypeVar

LEADERS: Final = 3


class Rated(Protocol):
    @property
    def live(self) -> bool: ...
    @property
    def rating(self) -> int: ...
    @property
    def position(self) -> int: ...


R = TypeVar("R", bound=Rated)


def leaders(finals: Iterable[R]) -> list[R]:
    """The three best live ones, ties to the older."""
    live = (final for final in finals if final.live)
    return nsmallest(LEADERS, live, key=lambda final: (-final.rating, final.position))
