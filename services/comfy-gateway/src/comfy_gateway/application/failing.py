"""How a use case says that the job in hand ends without an image."""

from __future__ import annotations

from comfy_gateway.domain.failure import Failure


class Failing(Exception):
    """The job has failed for good; settled by appending JobFailed."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class ParentNotGiven(Exception):
    """The image store does not give the parent's image just now: the job is given back."""


class LeftElsewhere(Exception):
    """A server that cannot be asked just now may be rendering the job: given back, to be looked at again."""


class MovedOn(Exception):
    """Another server of the pool shall have the job: given back at once."""


class Withdrawn(Exception):
    """The job leaves this gateway before any server got it: given back, or dropped if it was cancelled."""
