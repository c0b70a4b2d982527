"""Which two images a voter is shown next (PAIR).

Among n live images stand n(n-1)/2 pairs, too many to list. They are counted by groups of equal vote sums instead, and
one number drawn below the count of the open ones is turned into a pair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from math import isqrt

from carnival.contracts.ids import CandidateId

Chance = Callable[[int], int]
"""Draws evenly from 0..n-1."""

Pair = frozenset[CandidateId]


@dataclass(frozen=True, slots=True)
class Entrant:
    """A live image of one column and how many votes it took part in."""

    candidate_id: CandidateId
    votes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The live images of one step, and the pairs this voter has voted on there (PAIR-2)."""

    step_order: int
    entrants: Sequence[Entrant]
    voted: frozenset[Pair]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A pair to vote on, sides drawn (PAIR-5)."""

    step_order: int
    left_id: CandidateId
    right_id: CandidateId


@dataclass(frozen=True, slots=True)
class _Level:
    """All entrants with one number of votes."""

    votes: int
    members: tuple[CandidateId, ...]
    places: Mapping[CandidateId, int]


@dataclass(frozen=True, slots=True)
class _Block:
    """All pairs between two levels, or within one."""

    one: _Level
    other: _Level

    @property
    def size(self) -> int:
        n = len(self.one.members)
        return n * (n - 1) // 2 if self.one is self.other else n * len(self.other.members)

    def rank(self, a: CandidateId, b: CandidateId) -> int:
        if self.one is not self.other:
            return self.one.places[a] * len(self.other.members) + self.other.places[b]
        low, high = sorted((self.one.places[a], self.one.places[b]))
        return high * (high - 1) // 2 + low

    def pair(self, rank: int) -> tuple[CandidateId, CandidateId]:
        if self.one is not self.other:
            row, column = divmod(rank, len(self.other.members))
            return self.one.members[row], self.other.members[column]
        high = (1 + isqrt(1 + 8 * rank)) // 2
        return self.one.members[rank - high * (high - 1) // 2], self.one.members[high]


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


def open_pairs(column: Column) -> int:
    """How many pairs of the column the voter has not voted on."""
    live = {entrant.candidate_id for entrant in column.entrants}
    return len(live) * (len(live) - 1) // 2 - sum(pair <= live for pair in column.voted)


def _least_voted(
    entrants: Sequence[Entrant], closed: frozenset[Pair], chance: Chance
) -> tuple[CandidateId, CandidateId] | None:
    votes = {entrant.candidate_id: entrant.votes for entrant in entrants}
    inside = [pair for pair in closed if len(pair) == 2 and all(member in votes for member in pair)]
    by_sum: dict[int, list[Pair]] = {}
    for pair in inside:
        by_sum.setdefault(sum(votes[member] for member in pair), []).append(pair)
    for total, blocks in _blocks(entrants):
        shut = by_sum.get(total, [])
        still_open = sum(block.size for block in blocks) - len(shut)
        if still_open > 0:
            return _at(blocks, _open_rank(chance(still_open), [_rank(blocks, pair, votes) for pair in shut]))
    return None


def _blocks(entrants: Sequence[Entrant]) -> Iterator[tuple[int, list[_Block]]]:
    """Blocks by ascending sum of votes."""
    members: dict[int, list[CandidateId]] = {}
    for entrant in entrants:
        members.setdefault(entrant.votes, []).append(entrant.candidate_id)
    levels = [_level(votes, members[votes]) for votes in sorted(members)]
    by_sum: dict[int, list[_Block]] = {}
    for one, other in combinations_with_replacement(levels, 2):
        by_sum.setdefault(one.votes + other.votes, []).append(_Block(one, other))
    yield from sorted(by_sum.items())


def _level(votes: int, members: Sequence[CandidateId]) -> _Level:
    return _Level(votes, tuple(members), {member: place for place, member in enumerate(members)})


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
