"""All votes of one column, kept small: a few bytes a vote, so that long runs stay in memory.

Candidates appear by their index within the column.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from carnival.contracts.ids import Position
from carnival.contracts.vote import Outcome
from projector.domain.ratings.system import LEFT_WON, RIGHT_WON, TIED, Result

_CODES: Final = {Outcome.LEFT: 0, Outcome.RIGHT: 1, Outcome.TIE: 2, Outcome.BOTH_BAD: 3}
_OUTCOMES: Final = tuple(_CODES)
_RESULTS: Final = (LEFT_WON, RIGHT_WON, TIED)
"""By code; votes of a higher one move no rating."""
_RATED: Final = len(_RESULTS)
_RETRACTED: Final = 4
_APART: Final = 8
"""A guest's vote that was not merged."""


class Ballots:
    """Votes in log order, and who has compared which pair."""

    __slots__ = ("_codes", "_left", "_positions", "_right", "_seen")

    def __init__(self) -> None:
        self._positions = array("q")
        self._left = array("I")
        self._right = array("I")
        self._codes = array("B")
        self._seen: dict[str, dict[int, int]] = {}

    def __len__(self) -> int:
        return len(self._positions)

    def has_compared(self, voter: str, one: int, other: int) -> bool:
        """Whether a vote of this voter on this pair stands, in either direction (VOTE-2)."""
        seen = self._seen.get(voter)
        if seen is None:
            return False
        high, low = (one, other) if one > other else (other, one)
        return bool(seen.get(high, 0) >> low & 1)

    def add(
        self,
        position: Position,
        voter: str,
        left: int,
        right: int,
        outcome: Outcome,
        *,
        retracted: bool = False,
        apart: bool = False,
    ) -> None:
        """Append one vote; positions ascend. One that is `apart` does not stand until `set_apart` says so."""
        self._positions.append(position)
        self._left.append(left)
        self._right.append(right)
        self._codes.append(_CODES[outcome] | (_RETRACTED if retracted else 0) | (_APART if apart else 0))
        if not retracted:
            seen = self._seen.setdefault(voter, {})
            high, low = (left, right) if left > right else (right, left)
            seen[high] = seen.get(high, 0) | 1 << low

    def retract(self, position: Position, voter: str) -> tuple[int, int, Outcome]:
        """Mark the vote at `position` as taken back: it no longer stands. Left, right and outcome of it.

        Raises KeyError if no vote is there.
        """
        place = self._place(position)
        self._codes[place] |= _RETRACTED
        left, right = self._left[place], self._right[place]
        high, low = (left, right) if left > right else (right, left)
        self._seen[voter][high] &= ~(1 << low)
        return self._at(place)

    def set_apart(self, position: Position, apart: bool) -> tuple[int, int, Outcome]:
        """Whether the vote at `position` is kept apart. Left, right and outcome of it. Raises KeyError if none is."""
        place = self._place(position)
        self._codes[place] = self._codes[place] | _APART if apart else self._codes[place] & ~_APART
        return self._at(place)

    def results(self, after: int = 0) -> Iterator[Result]:
        """The votes that move ratings, in log order, without the first `after` of all. They are neither taken back nor
        kept apart, and none says "both bad" (ELO-6)."""
        votes = zip(self._left[after:], self._right[after:], self._codes[after:], strict=True)
        return ((left, right, _RESULTS[code]) for left, right, code in votes if code < _RATED)

    def _place(self, position: Position) -> int:
        place = bisect_left(self._positions, position)
        if place == len(self._positions) or self._positions[place] != position:
            raise KeyError(position)
        return place

    def _at(self, place: int) -> tuple[int, int, Outcome]:
        return self._left[place], self._right[place], _OUTCOMES[self._codes[place] & ~(_RETRACTED | _APART)]
