"""Votes as training examples: what a vote says about its two images, and which split its run belongs to.

The columns are those of Pick-a-Pic, which the common preference loaders read; see docs/exports.md.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from carnival.contracts.vote import Outcome
from curation_api.domain.export_refusals import BadFractions


class Split(StrEnum):
    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fractions:
    """Parts of all runs that are held out, each from 0 to 1; the rest is for training. Raises BadFractions."""

    validation: float = 0.1
    test: float = 0.1

    def __post_init__(self) -> None:
        if self.validation + self.test > 1:
            raise BadFractions(f"validation {self.validation} and test {self.test} are more than the whole together")


def split_of(run_id: str, fractions: Fractions) -> Split:
    """The split of a whole run, so that no image and no prompt stands in two of them.

    It follows from the run's id alone: the same at any time and on any machine, however many runs there are.
    """
    place = int.from_bytes(hashlib.sha256(run_id.encode()).digest()[:8]) / 2**64
    if place < fractions.test:
        return Split.TEST
    if place < fractions.test + fractions.validation:
        return Split.VALIDATION
    return Split.TRAIN


def labels_of(outcome: Outcome) -> tuple[float, float]:
    """How much of the preference goes to the left and to the right image (ELO-6); 0 for both if both are bad."""
    match outcome:
        case Outcome.LEFT:
            return 1.0, 0.0
        case Outcome.RIGHT:
            return 0.0, 1.0
        case Outcome.TIE:
            return 0.5, 0.5
        case Outcome.BOTH_BAD:
            return 0.0, 0.0
