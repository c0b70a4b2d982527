"""When to try again, and after which pause (CMF-4, JOB-6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

FIRST_PAUSE_SECONDS: Final = 0.5
LONGEST_PAUSE_SECONDS: Final = 30.0
JITTER: Final = 0.1
REGISTER_PAUSES_SECONDS: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0)
"""Two minutes in all: a server that restarts still has the file."""

PASSING_STATUSES: Final = frozenset({429, 500, 502, 503, 504})
"""Answers after which the same request may go well a moment later (CMF-4)."""

PASSING_STATUSES_OF_SUBMISSION: Final = PASSING_STATUSES - {500}
"""A submission answered with 500 is bad input, and stays so."""


NEVER_ARRIVED_STATUSES: Final = frozenset({429, 503})
"""The server itself turned the submission away; after 502 and 504 it may have got it all the same."""


@dataclass(frozen=True, slots=True)
class Again:
    """Try once more after a pause."""

    pause_seconds: float


@dataclass(frozen=True, slots=True)
class Enough:
    """The retries have run out."""


RetryDecision = Again | Enough


def after_failed_call(tries: int, retries_max: int, chance: float) -> RetryDecision:
    """What to do after `tries` failed calls; `chance` in 0..1 stretches the pause by up to a tenth."""
    if tries > retries_max:
        return Enough()
    return Again(pause_seconds(tries, chance))


def pause_seconds(tries: int, chance: float) -> float:
    """0.5, 1, 2, ... seconds, with some jitter."""
    doubled = FIRST_PAUSE_SECONDS * 2.0 ** min(tries - 1, 16)
    return min(doubled, LONGEST_PAUSE_SECONDS) * (1 + JITTER * chance)


def look_again_pauses() -> Iterator[float]:
    """Pauses after a server said that a job has ended, until its history must hold it: about a second in all."""
    pause = 0.01
    while pause < 0.7:
        yield pause
        pause *= 2
