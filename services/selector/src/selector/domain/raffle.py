"""The raffle: good images get more children, poor ones keep a chance (RAF-1 to RAF-5)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from carnival.contracts.run import Raffle, RaffleWeights
from selector.domain.frontier import LINEAR, ParentCandidate

Draw = Callable[[int], int]
"""Chance: `draw(total)` is an integer, evenly from 0 to total-1."""

TICKETS_OF_THE_BEST: Final = 1_000_000
"""Of the best rated one, where weights are Boltzmann's: fine enough for shares, and sums stay exact in JSON."""


@dataclass(frozen=True, slots=True)
class RaffleResult:
    """Who won, and the drawn number. `tickets_total` is the sum of all tickets; `raffle` says how they were given."""

    winner: ParentCandidate
    drawn: int
    tickets_total: int
    raffle: Raffle = LINEAR


def tickets(competitors: Sequence[ParentCandidate], raffle: Raffle = LINEAR) -> list[int]:
    """The tickets of each of the `competitors`."""
    match raffle.weights:
        case RaffleWeights.LINEAR:
            return [max(0, candidate.rating) for candidate in competitors]  # RAF-4: none below zero
        case RaffleWeights.BOLTZMANN:
            best = max((candidate.rating for candidate in competitors), default=0)
            return [_boltzmann(candidate.rating - best, raffle.temperature) for candidate in competitors]


def hold_raffle(competitors: Sequence[ParentCandidate], draw: Draw, raffle: Raffle = LINEAR) -> RaffleResult:
    """The winner among `competitors`, given in creation order and at least one.

    Goes through them and takes the first whose running sum of tickets exceeds the drawn number (RAF-5).
    Without any ticket all are equally likely (RAF-3).
    """
    given = tickets(competitors, raffle)
    total = sum(given)
    if total == 0:
        drawn = draw(len(competitors))
        return RaffleResult(competitors[drawn], drawn, 0, raffle)
    drawn = draw(total)
    running_sum = 0
    for candidate, own in zip(competitors, given, strict=True):
        running_sum += own
        if running_sum > drawn:
            return RaffleResult(candidate, drawn, total, raffle)
    raise ValueError(f"{drawn} was drawn from {total} tickets")


def _boltzmann(lead: int, temperature: float) -> int:
    """The Boltzmann distribution, `lead` (zero or less) against the best one."""
    return round(TICKETS_OF_THE_BEST * math.exp(lead / temperature))
