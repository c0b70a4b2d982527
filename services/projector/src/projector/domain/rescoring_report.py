"""What a rescoring finds, gathered run by run: its digest, and how it compares with the ratings in force."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from heapq import nlargest, nsmallest
from typing import Final

from carnival.contracts.ids import Position
from carnival.contracts.rating import ColumnAgreement, Comparison, FinalsChange, Move, RescoringFinished
from projector.domain.rank_correlation import kendall, spearman
from projector.domain.ratings.system import INITIAL, RatingSystem
from projector.domain.rows import Candidate, Column, Run

AGREEMENTS_MAX: Final = 200
MOVES_MAX: Final = 50
FINALS_MAX: Final = 100
BEST: Final = 3
"""WIN-1: leaders are the three best live finals."""


class RescoringReport:
    """Add runs in the order of their creation. Only the longest lists are kept, so it stays small."""

    def __init__(self, system: RatingSystem) -> None:
        self._system = system
        self._fingerprint = hashlib.sha256()
        self._agreements: list[ColumnAgreement] = []
        self._moves: list[Move] = []
        self._shortest = 0
        self._finals: list[FinalsChange] = []
        self._columns = self._moves_total = self._finals_total = 0
        self._sums: dict[str, list[float]] = {"kendall": [0.0, 0.0], "spearman": [0.0, 0.0]}
        self.votes = 0

    def add_all(self, runs: Iterable[Run]) -> None:
        """Rate the columns of `runs` by the new system, and compare."""
        for run in runs:
            for column in run.columns.values():
                if len(column.ballots):
                    self._add_column(run, column)
            self.votes += run.votes

    def finished(self, rescoring_id: str, name: str, up_to: Position) -> RescoringFinished:
        return RescoringFinished(
            rescoring_id=rescoring_id,
            system=name,
            up_to=up_to,
            votes=self.votes,
            digest=self._fingerprint.hexdigest(),
            comparison=Comparison(
                columns=self._columns,
                kendall=self._mean("kendall"),
                spearman=self._mean("spearman"),
                agreements=tuple(_most_voted(self._agreements)),
                moves_total=self._moves_total,
                moves=tuple(_longest(self._moves)),
                finals_total=self._finals_total,
                finals=tuple(self._finals),
            ),
        )

    def _add_column(self, run: Run, column: Column) -> None:
        standings = self._system.begin()
        standings.rate(column.ballots.results())
        fresh = [standings.points(member.index) for member in column.members]
        for member, points in zip(column.members, fresh, strict=True):
            if points != INITIAL:
                self._fingerprint.update(f"{member.candidate_id} {points}\n".encode())
        live = [member for member in column.members if member.live]
        before, after = [member.rating for member in live], [fresh[member.index] for member in live]
        self._columns += 1
        self._agree(run, column, before, after)
        self._move(run, column, live, after)
        if column.is_final:
            self._leaders(run, live, after)

    def _agree(self, run: Run, column: Column, before: Sequence[int], after: Sequence[int]) -> None:
        agreement = ColumnAgreement(
            run_id=run.run_id,
            step_order=column.order,
            candidates=len(before),
            votes=len(column.ballots),
            kendall=kendall(before, after),
            spearman=spearman(before, after),
        )
        for name, value in (("kendall", agreement.kendall), ("spearman", agreement.spearman)):
            if value is not None:
                self._sums[name][0] += value * len(before)
                self._sums[name][1] += len(before)
        self._agreements.append(agreement)
        if len(self._agreements) > 2 * AGREEMENTS_MAX:
            self._agreements = _most_voted(self._agreements)

    def _move(self, run: Run, column: Column, live: Sequence[Candidate], after: Sequence[int]) -> None:
        places = _places([member.rating for member in live])
        for member, points, old, new in zip(live, after, places, _places(after), strict=True):
            self._moves_total += old != new
            if abs(new - old) > self._shortest:
                self._moves.append(
                    Move(
                        run_id=run.run_id,
                        step_order=column.order,
                        candidate_id=member.candidate_id,
                        place_before=old,
                        place_after=new,
                        rating_before=member.rating,
                        rating_after=points,
                    )
                )
        if len(self._moves) > 2 * MOVES_MAX:
            self._moves = _longest(self._moves)
            self._shortest = _length(self._moves[-1])

    def _leaders(self, run: Run, live: Sequence[Candidate], after: Sequence[int]) -> None:
        old, new = _best(live, [member.rating for member in live]), _best(live, after)
        if old != new:
            self._finals_total += 1
            if len(self._finals) < FINALS_MAX:
                before = tuple(member.candidate_id for member in old)
                self._finals.append(
                    FinalsChange(run_id=run.run_id, before=before, after=tuple(member.candidate_id for member in new))
                )

    def _mean(self, name: str) -> float | None:
        total, weight = self._sums[name]
        return total / weight if weight else None


def _places(ratings: Sequence[int]) -> list[int]:
    """The place of each, from 1; of equals the older one stands first."""
    order = sorted(range(len(ratings)), key=lambda index: -ratings[index])
    places = [0] * len(ratings)
    for place, index in enumerate(order, 1):
        places[index] = place
    return places


def _best(live: Sequence[Candidate], ratings: Sequence[int]) -> list[Candidate]:
    order = nsmallest(BEST, range(len(live)), key=lambda index: (-ratings[index], index))
    return [live[index] for index in order]


def _most_voted(agreements: Sequence[ColumnAgreement]) -> list[ColumnAgreement]:
    return nlargest(AGREEMENTS_MAX, agreements, key=lambda agreement: agreement.votes)


def _longest(moves: Sequence[Move]) -> list[Move]:
    return nlargest(MOVES_MAX, moves, key=_length)


def _length(move: Move) -> int:
    return abs(move.place_after - move.place_before)
