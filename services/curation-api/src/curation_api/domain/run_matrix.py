"""Many runs that differ in the values of some variables: one run for each cell of the matrix (MOD-3)."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from typing import Final

from pydantic import JsonValue

from carnival.contracts.ids import MatrixId, RunId
from carnival.contracts.run import MatrixCell, RunStarted
from curation_api.domain.folder import dated_folder
from curation_api.domain.pipeline_refusals import BadMatrix
from curation_api.domain.placeholders import PROMPT
from curation_api.domain.run_start import DefinedPipeline, StartRun, run_name, start_run
from curation_api.domain.slug import slug_of
from curation_api.domain.variable import shown

CELLS_MAX: Final = 100
NAME_LENGTH_MAX: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class StartMatrix:
    """`run` is what the runs share; `axes` are the values each variable takes, the last one changing fastest."""

    run: StartRun
    axes: Mapping[str, Sequence[JsonValue]]


def cells_of(matrix_id: MatrixId, axes: Mapping[str, Sequence[JsonValue]]) -> tuple[MatrixCell, ...]:
    """Every combination. Raises BadMatrix for axes without or with equal values, and for more than 100 cells."""
    if not axes:
        raise BadMatrix("A matrix needs at least one variable with its values")
    for name, values in axes.items():
        if not values:
            raise BadMatrix(f"The variable {name} has no values", variable=name)
        if len({_distinct(value) for value in values}) < len(values):
            raise BadMatrix(f"The variable {name} has one value twice", variable=name)
    if (count := math.prod(map(len, axes.values()))) > CELLS_MAX:
        raise BadMatrix(f"The matrix has {count} cells; {CELLS_MAX} runs are started at once", cells=count)
    return tuple(
        MatrixCell(matrix_id=matrix_id, number=number, values=dict(zip(axes, values, strict=True)))
        for number, values in enumerate(product(*axes.values()), start=1)
    )


def folders_of(
    command: StartMatrix, pipeline: DefinedPipeline, cells: Sequence[MatrixCell], now: datetime
) -> list[str]:
    """The folders the runs would get if none was taken."""
    name = run_name(command.run, pipeline, now)
    return [dated_folder(_cell_name(name, cell), now) for cell in cells]


def start_matrix(
    command: StartMatrix,
    pipeline: DefinedPipeline,
    runs: Mapping[int, RunId],
    cells: Sequence[MatrixCell],
    now: datetime,
    taken: Collection[str],
) -> dict[int, RunStarted]:
    """A start for every cell, by its number; `runs` are the new identities. Raises as `start_run`, BadMatrix."""
    if both := command.axes.keys() & command.run.variables.keys():
        raise BadMatrix(f"The variable {min(both)} is given twice: alone and with values", variable=min(both))
    name = run_name(command.run, pipeline, now)
    started: dict[int, RunStarted] = {}
    folders = set(taken)
    for cell in cells:
        one = start_run(_cell_command(command.run, name, cell), pipeline, runs[cell.number], now, folders)
        folders.add(one.folder)
        started[cell.number] = one.model_copy(update={"cell": cell})
    return started


def _distinct(value: JsonValue) -> str:
    """Equal for equal values of one type: 1, 1.0 and true are three."""
    return json.dumps(value, sort_keys=True)


def _cell_command(run: StartRun, name: str, cell: MatrixCell) -> StartRun:
    folder = None if run.folder is None else f"{run.folder.removesuffix('/')}/{_cell_folder(cell)}"
    return replace(
        run,
        name=_cell_name(name, cell),
        prompt=None if PROMPT in cell.values else run.prompt,
        variables={**run.variables, **cell.values},
        folder=folder,
    )


def _cell_name(name: str, cell: MatrixCell) -> str:
    return f"{name} {cell.number}: {_words(cell)}"[:NAME_LENGTH_MAX].strip()


def _cell_folder(cell: MatrixCell) -> str:
    return f"{cell.number:03d}-{slug_of(_words(cell))}".strip("-")


def _words(cell: MatrixCell) -> str:
    return ", ".join(
        f"{name} {value if isinstance(value, str) else shown(value)}" for name, value in cell.values.items()
    )
