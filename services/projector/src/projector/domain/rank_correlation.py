"""How alike two rankings of the same things are."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from operator import mul
from typing import Final

INSERTED_AT_ONCE: Final = 2_000
"""In a list that short an insertion is cheaper than a merge."""


def kendall(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Tau-b (M. Kendall, The treatment of ties in ranking problems, 1945): 1 the same order, -1 the reverse.

    None where either ranks everything alike. Counts exchanges of a sort, so it takes n log n steps (W. Knight, A
    computer method for calculating Kendall's tau with ungrouped data, 1966).
    """
    pairs = _pairs_of(len(one))
    tied_one, tied_other = _tied(one), _tied(other)
    if pairs in {tied_one, tied_other}:
        return None
    ordered = sorted(zip(one, other, strict=True))
    exchanges, _ = _exchanges([value for _, value in ordered])
    agreement = pairs - tied_one - tied_other + _tied(ordered) - 2 * exchanges
    return agreement / math.sqrt((pairs - tied_one) * (pairs - tied_other))


def spearman(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Rho: the correlation of the places, equals sharing their mean place. None where either ranks everything alike."""
    first, second = _places_from_middle(one), _places_from_middle(other)
    spread_one, spread_other = math.fsum(map(mul, first, first)), math.fsum(map(mul, second, second))
    if not spread_one or not spread_other:
        return None
    return math.fsum(map(mul, first, second)) / math.sqrt(spread_one * spread_other)


def _pairs_of(count: int) -> int:
    return count * (count - 1) // 2


def _tied(values: Iterable[Hashable]) -> int:
    return sum(map(_pairs_of, Counter(values).values()))


def _places_from_middle(values: Sequence[float]) -> list[float]:
    """Of each value its place, less the mean of all places."""
    places, taken, middle = dict[float, float](), 0, (len(values) + 1) / 2
    for value, count in sorted(Counter(values).items()):
        places[value] = taken + (1 + count) / 2 - middle
        taken += count
    return [places[value] for value in values]


def _exchanges(values: Sequence[float]) -> tuple[int, list[float]]:
    """How many pairs stand in falling order, and the values in rising order."""
    if len(values) > INSERTED_AT_ONCE:
        middle = len(values) // 2
        (count, left), (more, right) = _exchanges(values[:middle]), _exchanges(values[middle:])
        return count + more + sum(len(left) - bisect_right(left, value) for value in right), sorted(left + right)
    count, ordered = 0, list[float]()
    for value in values:
        place = bisect_right(ordered, value)
        count += len(ordered) - place
        ordered.insert(place, value)
    return count, ordered
