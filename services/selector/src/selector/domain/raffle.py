"""The raffle: good images get more children, poor ones keep a chance (RAF-1 to RAF-5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from selector.domain.frontier import ParentCandidate

Draw = Callable[[int], int]
"""Chance: `draw(total)` is an integer, evenly from 0 to total-1."""


@dataclass(frozen=True, slots=True)
class RaffleResult:
    """Who won, and the drawn number. `tickets_total` is the sum of all tickets."""

    winner: ParentCandidate
    drawn: int
    tickets_total: int


def tickets(candidate: ParentCandidate) -> int:
    """One ticket a rating point; none below zero (RAF-4)."""
    return max(0, candidate.rating)


def hold_raffle(competitors: Sequence[ParentCandidate], draw: Draw) -> RaffleResult:
    """The winner among `competitors`, given in creation order and at least one.

    Goes through them and takes the first whose running sum of tickets exceeds the drawn number (RAF-5).
    Without any ticket all are equally likely (RAF-3).
    """
    total = sum(map(tickets, competitors))
    if total == 0:
        drawn = draw(len(competitors))
        return RaffleResult(competitors[drawn], drawn, 0)
    drawn = draw(total)
    running_sum = 0
    for candidate in competitors:
        running_sum += tickets(candidate)
        if running_sum > drawn:
            return RaffleResult(candidate, drawn, total)
    raise ValueError(f"{drawn} was drawn from {total} tickets")
