"""Which two images a voter is shown next (PAIR).

Among n live images stand n(n-1)/2 pairs, too many to list. They are counted by groups of equal vote sums instead, and
one number drawn below the count of the open ones is turned into a pair. Images that show the very same picture form no
pair (VOTE-8).

Of a large column the least voted images are enough, as long as one of their pairs is surely open: see `surely_open`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations_with_replacement
from typing import NamedTuple

from carnival.contracts.ids import CandidateId

Chance = Callable[[int], int]
"""Draws evenly from 0..n-1."""

Pair = frozenset[CandidateId]


class Entrant(NamedTuple):
    """A live image of one column and how many votes it took part in. Those that show the same have one `picture`."""

    candidate_id: CandidateId
    votes: int
    picture: CandidateId


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The live images of one step, and the pairs this voter has voted on there (PAIR-2).

    With a `reach` they are only the images of so many votes or fewer, all of these; without one they are all.
    """

    step_order: int
    entrants: Sequence[Entrant]
    voted: frozenset[Pair]
    reach: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A pair to vote on, sides drawn (PAIR-5)."""

    step_order: int
    left_id: CandidateId
    right_id: CandidateId


@dataclass(frozen=True, slots=True)
class _Level:
    """All entrants with one number of votes, those that show the same side by side; `spans` says where a picture is."""

    votes: int
    members: Sequence[Entrant]
    places: Mapping[CandidateId, int]
    spans: Mapping[CandidateId, range]

    def span(self, picture: CandidateId) -> range:
        return self.spans.get(picture, range(0))


class _Block:
    """All pairs between two levels, or within one, row by row: a row are the pairs of one member of `one`.

    Between two levels a row leaves out the members that show the same; within one it holds only the members before.
    """

    def __init__(self, one: _Level, other: _Level) -> None:
        self.one = one
        self.other = other
        widths = (self._width(member) for member in one.members)
        self._starts = list(accumulate(widths, initial=0))

    @property
    def size(self) -> int:
        return self._starts[-1]

    def rank(self, a: CandidateId, b: CandidateId) -> int:
        row, column = self.one.places[a], self.other.places[b]
        if self.one is self.other:
            low, high = sorted((row, column))
            return self._starts[high] + low
        gap = self._gap(row)
        return self._starts[row] + (column if column < gap.start else column - len(gap))

    def pair(self, rank: int) -> tuple[CandidateId, CandidateId]:
        row = bisect_right(self._starts, rank) - 1
        column = rank - self._starts[row]
        gap = self._gap(row)
        if self.one is not self.other and column >= gap.start:
            column += len(gap)
        return self.one.members[row].candidate_id, self.other.members[column].candidate_id

    def _gap(self, row: int) -> range:
        return self.other.span(self.one.members[row].picture)

    def _width(self, member: Entrant) -> int:
        same = self.other.span(member.picture)
        return same.start if self.one is self.other else len(self.other.members) - len(same)


def offer_pair(
    columns: Sequence[Column], skipped: frozenset[Pair], chance: Chance, *, just_skipped: Pair | None = None
) -> Offer | None:
    """The next pair, None if every pair is voted on.

    The highest step with an open pair (PAIR-1), there one with the fewest votes, at random among equals (PAIR-4).
    A skipped pair is offered only when no other is open, the one skipped last only when it is the very last (PAIR-6).
    """
    ordered = sorted(columns, key=lambda column: column.step_order, reverse=True)
    last = frozenset({just_skipped}) if just_skipped else frozenset[Pair]()
    for closed in dict.fromkeys((skipped | last, last, frozenset[Pair]())):
        for column in ordered:
            found = _least_voted(column.entrants, column.voted | closed, chance)
            if found:
                left, right = found if chance(2) == 0 else (found[1], found[0])
                return Offer(step_order=column.step_order, left_id=left, right_id=right)
    return None


def surely_open(column: Column, skipped: frozenset[Pair]) -> bool:
    """Whether a pair is open that was not skipped, and those with the fewest votes stand in the column as it is.

    Exact for a whole column. Of one with a reach, a pair with an image beyond it has more votes than the reach and the
    least voted image together; so the question is whether a pair up to that sum is open. False then means: read on.
    """
    alike = Counter(entrant.picture for entrant in column.entrants).values()
    closed = sum(1 for _ in _formed(column.entrants, column.voted | skipped))
    return _pairs_in_reach(column) - sum(map(_pairs_among, alike)) > closed


def _pairs_in_reach(column: Column) -> int:
    """How many pairs, same pictures included, have fewer votes than any with an image beyond the reach."""
    if column.reach is None or not column.entrants:
        return _pairs_among(len(column.entrants))
    levels = Counter(entrant.votes for entrant in column.entrants)
    most = column.reach + min(levels)
    return sum(
        _pairs_among(levels[one]) if one == other else levels[one] * levels[other]
        for one, other in combinations_with_replacement(levels, 2)
        if one + other <= most
    )


def _pairs_among(count: int) -> int:
    return count * (count - 1) // 2


def _formed(entrants: Iterable[Entrant], pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Those of `pairs` that these entrants form."""
    pictures = {entrant.candidate_id: entrant.picture for entrant in entrants}
    for pair in pairs:
        shown = {pictures[member] for member in pair if member in pictures}
        if len(pair) == len(shown) == 2:
            yield pair


def _least_voted(
    entrants: Sequence[Entrant], closed: frozenset[Pair], chance: Chance
) -> tuple[CandidateId, CandidateId] | None:
    votes = {entrant.candidate_id: entrant.votes for entrant in entrants}
    by_sum: dict[int, list[Pair]] = {}
    for pair in _formed(entrants, closed):
        by_sum.setdefault(sum(votes[member] for member in pair), []).append(pair)
    for total, blocks in _blocks(entrants):
        shut = by_sum.get(total, [])
        still_open = sum(block.size for block in blocks) - len(shut)
        if still_open > 0:
            return _at(blocks, _open_rank(chance(still_open), [_rank(blocks, pair, votes) for pair in shut]))
    return None


def _blocks(entrants: Sequence[Entrant]) -> Iterator[tuple[int, list[_Block]]]:
    """Blocks by ascending sum of votes."""
    members: dict[int, list[Entrant]] = {}
    for entrant in entrants:
        members.setdefault(entrant.votes, []).append(entrant)
    levels = [_level(votes, members[votes]) for votes in sorted(members)]
    by_sum: dict[int, list[tuple[_Level, _Level]]] = {}
    for one, other in combinations_with_replacement(levels, 2):
        by_sum.setdefault(one.votes + other.votes, []).append((one, other))
    for total, couples in sorted(by_sum.items()):
        yield total, [_Block(one, other) for one, other in couples]


def _level(votes: int, entrants: Sequence[Entrant]) -> _Level:
    alike: dict[CandidateId, list[Entrant]] = {}
    for entrant in entrants:
        alike.setdefault(entrant.picture, []).append(entrant)
    members = [entrant for group in alike.values() for entrant in group]
    ends = accumulate(len(group) for group in alike.values())
    spans = {picture: range(end - len(alike[picture]), end) for picture, end in zip(alike, ends, strict=True)}
    places = {entrant.candidate_id: place for place, entrant in enumerate(members)}
    return _Level(votes, members, places, spans)


def _rank(blocks: Sequence[_Block], pair: Pair, votes: dict[CandidateId, int]) -> int:
    a, b = sorted(pair, key=lambda member: votes[member])
    before = 0
    for block in blocks:
        if block.one.votes == votes[a]:
            return before + block.rank(a, b)
        before += block.size
    raise ValueError("the pair stands in none of the blocks")


def _open_rank(drawn: int, closed: list[int]) -> int:
    """The rank of the `drawn`-th open pair, counting past the closed ones."""
    rank = drawn
    for shut in sorted(closed):
        if shut <= rank:
            rank += 1
    return rank


def _at(blocks: Sequence[_Block], rank: int) -> tuple[CandidateId, CandidateId]:
    for block in blocks:
        if rank < block.size:
            return block.pair(rank)
        rank -= block.size
    raise ValueError("the rank lies behind the last pair")
