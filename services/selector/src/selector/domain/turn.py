"""Whose turn it is among several runs (RUN-2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from carnival.contracts.ids import Position


class Created(Protocol):
    @property
    def created_position(self) -> Position: ...


R = TypeVar("R", bound=Created)


def in_turn(runs: Iterable[R], last_served: Position) -> list[R]:
    """The runs by creation order, beginning behind the one served last and wrapping around.

    `last_served` is the creation position of that run, which may be gone or completed by now; 0 if none was served.
    """
    return sorted(runs, key=lambda run: (run.created_position <= last_served, run.created_position))
