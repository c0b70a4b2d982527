"""Ratings are a function of the votes that stand, in log order, and of the system in force (ELO-4).

Nothing else in the fold depends on them. So they are settled when they are looked at or written, not with every vote:
a system that fits a whole column does so once a batch, and a rebuild once in all.
"""

from __future__ import annotations

from typing import Final

from carnival.contracts.ids import Position
from carnival.contracts.rating_systems import RatingSystemName
from projector.domain.ratings.choosing import rating_system
from projector.domain.ratings.system import RatingSystem
from projector.domain.read_model import Promotion, ReadModel
from projector.domain.rows import Column, Run

FIRST: Final = Promotion(RatingSystemName.ELO.value, {}, None, Position(0))
"""What a hub rates by before anything is promoted."""


def add(model: ReadModel, column: Column) -> None:
    """A vote more stands, behind those that are rated."""
    model.changes.unrated[column] = None


def start_over(model: ReadModel, column: Column) -> None:
    """A vote is gone, which may lie anywhere in the order, or another system is in force."""
    column.standings = None
    model.changes.unrated[column] = None


def start_run_over(model: ReadModel, run: Run) -> None:
    """Another system rates this run."""
    for column in run.columns.values():
        start_over(model, column)


def start_all_over(model: ReadModel) -> None:
    """Another system is promoted: it rates every run that is not pinned."""
    for run in model.runs.values():
        if run.rating is None:
            start_run_over(model, run)


def settle(model: ReadModel) -> None:
    """Bring the ratings of all candidates in memory up to date."""
    for column in model.changes.unrated:
        standings, moved = column.standings, range(len(column.members))
        if standings is None:
            standings = column.standings = system_of(model, model.runs[column.run_id]).begin()
            standings.rate(column.ballots.results())
        else:
            moved = standings.rate(column.ballots.results(after=column.rated))
        column.rated = len(column.ballots)
        for index in moved:
            member, points = column.members[index], standings.points(index)
            if member.rating != points:
                member.rating = points
                model.changes.candidates[member] = None
    model.changes.unrated = {}


def system_of(model: ReadModel, run: Run) -> RatingSystem:
    """The run's own system, else the promoted one."""
    chosen = run.rating or model.promotion or FIRST
    return rating_system(chosen.system, chosen.settings)
