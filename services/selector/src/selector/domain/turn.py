"""Whose turn it is among several runs (RUN-2, RUN-3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from carnival.contracts.ids import Position
from carnival.contracts.run import RunPolicy


class Contender(Protocol):
    @property
    def created_position(self) -> Position: ...

    @property
    def policy(self) -> RunPolicy | None: ...


R = TypeVar("R", bound=Contender)


def in_turn(runs: Iterable[R], last_served: Position) -> list[R]:
    """The runs by creation order, beginning behind the one served last and wrapping around.

    `last_served` is the creation position of that run, which may be gone or completed by now; 0 if none was served.
    """
    return sorted(runs, key=lambda run: (run.created_position <= last_served, run.created_position))


def turns(runs: Iterable[R], default: RunPolicy, last_served: Position) -> list[tuple[R, ...]]:
    """Who comes next, turn by turn: one run, or all those of the pool together, in the place of its oldest.

    `default` is the policy of runs that have none of their own. Within the pool the order is that of `in_turn`.
    """
    pool, alone = list[R](), list[R]()
    for run in runs:
        (pool if (run.policy or default) is RunPolicy.GLOBAL else alone).append(run)
    groups: list[tuple[R, ...]] = [(run,) for run in alone]
    if pool:
        groups.append(tuple(in_turn(pool, last_served)))
        if any(run.created_position == last_served for run in pool):
            last_served = _place(pool)
    return sorted(groups, key=lambda group: (_place(group) <= last_served, _place(group)))


def _place(group: Iterable[R]) -> Position:
    return min(run.created_position for run in group)
