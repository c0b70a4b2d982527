"""A run for every combination of some variables' values (MOD-3, RUN-6)."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import JsonValue

from carnival.contracts.ids import MatrixId, PipelineId, Position, RunId
from carnival.contracts.run import RunStarted
from carnival.testing.examples import NOON, step
from curation_api.domain.pipeline_refusals import BadMatrix, MissingVariable
from curation_api.domain.run_matrix import StartMatrix, cells_of, folders_of, start_matrix
from curation_api.domain.run_start import DefinedPipeline, StartRun

M = MatrixId("m1")
PIPELINE = DefinedPipeline(
    pipeline_id=PipelineId("p1"),
    version=1,
    position=Position(1),
    name="Portrait",
    steps=(step(1, "Base", template="{{prompt}} {{style}} {{cfg}}", needs_prompt=True),),
)


def matrix(axes: dict[str, list[JsonValue]], taken: tuple[str, ...] = (), **fields: Any) -> list[RunStarted]:
    shared: dict[str, Any] = {"pipeline_id": PIPELINE.pipeline_id, "name": "Pier", "prompt": "a pier", "n": 1, "t": 1}
    run = StartRun(**{**shared, **fields})
    cells = cells_of(M, axes)
    runs = {cell.number: RunId(f"{cell.number:032x}"[::-1]) for cell in cells}
    return list(start_matrix(StartMatrix(run=run, axes=axes), PIPELINE, runs, cells, NOON, taken).values())


def test_every_combination_is_a_run_with_its_values_the_last_variable_changing_fastest() -> None:
    runs = matrix({"style": ["noir", "film"], "cfg": [5, 7.5]})
    assert [(run.variables["style"], run.variables["cfg"]) for run in runs] == [
        ("noir", 5),
        ("noir", 7.5),
        ("film", 5),
        ("film", 7.5),
    ]
    assert [run.name for run in runs][:2] == ["Pier 1: style noir, cfg 5", "Pier 2: style noir, cfg 7.5"]
    assert [run.cell.number if run.cell else 0 for run in runs] == [1, 2, 3, 4]
    assert {run.cell.matrix_id for run in runs if run.cell} == {M}


def test_each_run_has_a_folder_of_its_own_also_where_names_look_alike_or_are_taken() -> None:
    runs = matrix({"style": ["!", "?"], "cfg": [5]}, taken=("2026-01-01-pier-1-style-cfg-5",))
    assert len({run.folder for run in runs}) == 2
    assert "2026-01-01-pier-1-style-cfg-5" not in {run.folder for run in runs}
    below = matrix({"style": ["noir", "film"]}, folder="shoots/pier/", variables={"cfg": 1})
    assert [run.folder for run in below] == ["shoots/pier/001-style-noir", "shoots/pier/002-style-film"]


def test_the_folders_to_look_up_are_those_the_runs_would_get() -> None:
    axes: dict[str, list[JsonValue]] = {"style": ["noir", "film"]}
    run = StartRun(pipeline_id=PIPELINE.pipeline_id, name="Pier", prompt="p", variables={"cfg": 1}, n=1, t=1)
    wanted = folders_of(StartMatrix(run=run, axes=axes), PIPELINE, cells_of(M, axes), NOON)
    assert wanted == [one.folder for one in matrix(axes, variables={"cfg": 1})]


def test_the_prompt_may_be_an_axis() -> None:
    runs = matrix({"prompt": ["a pier", "a gym"]}, prompt=None, variables={"style": "x", "cfg": 1})
    assert [run.prompt for run in runs] == ["a pier", "a gym"]


@pytest.mark.parametrize(
    "axes",
    [
        {},
        {"style": []},
        {"style": ["a", "a"]},
        {"style": list(range(11)), "cfg": list(range(10))},
    ],
)
def test_what_has_no_cells_or_too_many_is_no_matrix(axes: dict[str, list[JsonValue]]) -> None:
    with pytest.raises(BadMatrix):
        matrix(axes)


def test_a_variable_is_given_once() -> None:
    with pytest.raises(BadMatrix):
        matrix({"style": ["noir"]}, variables={"style": "film", "cfg": 1})


def test_equal_numbers_of_different_types_are_different_values() -> None:
    assert len(matrix({"style": [1, True, 1.0, "1"]}, variables={"cfg": 1})) == 4


def test_what_one_cell_lacks_all_lack() -> None:
    with pytest.raises(MissingVariable):
        matrix({"style": ["noir"]})
