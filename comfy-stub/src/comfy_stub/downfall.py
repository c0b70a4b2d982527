"""A server that goes down at a chosen moment of a job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Moment(StrEnum):
    """Of one job, in the order of time."""

    ACCEPTED = "accepted"
    """It is queued; the answer to its submission was not sent."""
    STARTED = "started"
    """`execution_start` was sent."""
    MIDDLE = "middle"
    """Its heaviest node is half done."""
    SAVED = "saved"
    """Its picture lies in the output folder; nothing was said about it."""
    SUCCEEDED = "succeeded"
    """`execution_success` was sent; the history does not hold it."""
    RECORDED = "recorded"
    """The history holds it; the end marker was not sent."""


@dataclass(slots=True)
class Downfall:
    """The next job that reaches `moment` takes the server down: a crash, or with `restart` one without the wait."""

    moment: Moment
    restart: bool = False

    def __post_init__(self) -> None:
        self.moment = Moment(self.moment)


Reached = Callable[[Moment], None]
"""Called by the worker at each moment of a job. Raises Abandoned if the server goes down there."""
