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

_CODES: Final = {Outcome.LEFT: 0, Outcome.RIGHT: 1, Outcome.TIE: 2, Outcome.BOTH_BAD: 3}
_OUTCOMES: Final = tuple(_CODES)
_RETRACTED: Final = 4


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
        self, position: Position, voter: str, left: int, right: int, outcome: Outcome, *, retracted: bool = False
    ) -> None:
        """Append one vote; positions ascend."""
        self._positions.append(position)
        self._left.append(left)
        self._right.append(right)
        self._codes.append(_CODES[outcome] | (_RETRACTED if retracted else 0))
        if not retracted:
            seen = self._seen.setdefault(voter, {})
            high, low = (left, right) if left > right else (right, left)
            seen[high] = seen.get(high, 0) | 1 << low

    def retract(self, position: Position, voter: str) -> tuple[int, int, Outcome]:
        """Mark the vote at `position` as taken back: it no longer stands. Left, right and outcome of it.

        Raises KeyError if no vote is there.
        """
        place = bisect_left(self._positions, position)
        if place == len(self._positions) or self._positions[place] != position:
            raise KeyError(position)
        outcome = _OUTCOMES[self._codes[place] & ~_RETRACTED]
        self._codes[place] |= _RETRACTED
        left, right = self._left[place], self._right[place]
        high, low = (left, right) if left > right else (right, left)
        self._seen[voter][high] &= ~(1 << low)
        return left, right, outcome

    def standing(self) -> Iterator[tuple[int, int, Outcome]]:
        """Left, right and outcome of the votes that were not taken back, in log order."""
        for left, right, code in zip(self._left, self._right, self._codes, strict=True):
            if code < _RETRACTED:
                yield left, right, _OUTCOMES[code]
