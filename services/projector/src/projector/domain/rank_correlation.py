"""How alike two rankings of the same things are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence


def kendall(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Tau-b (M. Kendall, The treatment of ties in ranking problems, 1945): 1 the same order, -1 the reverse.

    None where either ranks everything alike. Counts exchanges of a merge sort, so it takes n log n steps (W. Knight,
    A computer method for calculating Kendall's tau with ungrouped data, 1966).
    """
    pairs = _pairs_of(len(one))
    tied_one, tied_other = _tied(one), _tied(other)
    if pairs in {tied_one, tied_other}:
        return None
    order = sorted(range(len(one)), key=lambda place: (one[place], other[place]))
    exchanges = _exchanges([other[place] for place in order])
    both = _tied(list(zip(one, other, strict=True)))
    agreement = pairs - tied_one - tied_other + both - 2 * exchanges
    return agreement / math.sqrt((pairs - tied_one) * (pairs - tied_other))


def spearman(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Rho: the correlation of the places, equals sharing their mean place. None where either ranks everything alike."""
    first, second = _places(one), _places(other)
    middle = (len(one) + 1) / 2
    spread_one = math.fsum((place - middle) ** 2 for place in first)
    spread_other = math.fsum((place - middle) ** 2 for place in second)
    if not spread_one or not spread_other:
        return None
    together = math.fsum((x - middle) * (y - middle) for x, y in zip(first, second, strict=True))
    return together / math.sqrt(spread_one * spread_other)


def _pairs_of(count: int) -> int:
    return count * (count - 1) // 2


def _tied(values: Iterable[Hashable]) -> int:
    return sum(_pairs_of(count) for count in Counter(values).values())


def _places(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    places = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for place in order[start:end]:
            places[place] = (start + 1 + end) / 2
        start = end
    return places


def _exchanges(values: list[float]) -> int:
    """How many pairs stand in falling order."""
    count, width = 0, 1
    while width < len(values):
        merged: list[float] = []
        for start in range(0, len(values), 2 * width):
            left, right = values[start : start + width], values[start + width : start + 2 * width]
            taken = 0
            for value in right:
                while taken < len(left) and left[taken] <= value:
                    merged.append(left[taken])
                    taken += 1
                merged.append(value)
                count += len(left) - taken
            merged.extend(left[taken:])
        values, width = merged, 2 * width
    return count
