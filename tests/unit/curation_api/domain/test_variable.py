"""Typed variables: how they are declared, and what runs may bring (MOD-3, SUB-5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from pydantic import JsonValue

from carnival.contracts.ids import PipelineId, Position, RunId
from carnival.contracts.pipeline import VariableDefinition
from carnival.testing.examples import NOON, step
from curation_api.domain.pipeline import form_of, variables_asked, warnings_about
from curation_api.domain.pipeline_refusals import BadDeclaration, BadVariable, MissingVariable
from curation_api.domain.run_start import DefinedPipeline, StartRun, start_run
from curation_api.domain.variable import check_declarations, value_problem

STEPS = {"name": "steps", "type": "integer", "default": 20, "minimum": 1, "maximum": 100}
SAMPLER = {"name": "sampler", "type": "choice", "choices": ["euler", "heun"], "default": "euler"}
PIPELINE = DefinedPipeline(
    pipeline_id=PipelineId("p1"),
    version=1,
    position=Position(1),
    name="Portrait",
    steps=(step(1, "Base", template="{{steps}} {{sampler}} {{style}}"), step(2, "Up", template="{{scale}}")),
)


def declared(**fields: Any) -> VariableDefinition:
    return VariableDefinition.model_validate({"name": "x", **fields})


def started(variables: Mapping[str, Any], *definitions: dict[str, Any], prompt: str | None = "p") -> Any:
    pipeline = replace(PIPELINE, variables=tuple(declared(**one) for one in definitions))
    command = StartRun(pipeline_id=PIPELINE.pipeline_id, prompt=prompt, variables=variables, n=1, t=1)
    return start_run(command, pipeline, RunId("r1"), NOON, ())


@pytest.mark.parametrize(
    ("fields", "value", "words"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 8}, 9, "a whole number from 1 to 8, not 9"),
        ({"type": "integer"}, 1.5, "a whole number, not 1.5"),
        ({"type": "integer"}, True, "a whole number, not true"),
        ({"type": "number", "minimum": 0.5}, 0, "a number from 0.5 on, not 0"),
        ({"type": "number"}, "7", 'a number, not "7"'),
        ({"type": "boolean"}, 1, "true or false, not 1"),
        ({"type": "text", "maximum": 3}, "long", 'a text of up to 3 characters, not "long"'),
        ({"type": "text"}, 5, "a text, not 5"),
        ({"type": "choice", "choices": [1, 2]}, True, "one of 1, 2, not true"),
    ],
)
def test_a_value_that_does_not_fit_is_told_what_would(fields: dict[str, Any], value: JsonValue, words: str) -> None:
    assert value_problem(declared(**fields), value) == f"must be {words}"


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "auto_seed"},
        {"name": "parent_image"},
        {"type": "boolean", "minimum": 1},
        {"type": "integer", "minimum": 5, "maximum": 4},
        {"type": "choice"},
        {"type": "text", "choices": ["a"]},
        {"type": "integer", "default": "many"},
        {"type": "choice", "choices": ["a"], "default": "b"},
    ],
)
def test_what_no_value_can_fill_is_no_declaration(fields: dict[str, Any]) -> None:
    with pytest.raises(BadDeclaration):
        check_declarations([declared(**fields)])


def test_a_name_is_declared_once() -> None:
    with pytest.raises(BadDeclaration):
        check_declarations([declared(), declared(type="integer")])


def test_defaults_stand_in_for_what_a_run_leaves_out_and_are_recorded_with_it() -> None:
    event = started({"style": "noir", "scale": 2, "sampler": None}, STEPS, SAMPLER)
    assert event.variables == {"style": "noir", "scale": 2, "steps": 20, "sampler": "euler", "prompt": "p"}


def test_a_default_prompt_gives_way_to_a_prompt_given() -> None:
    default = {"name": "prompt", "default": "a gym"}
    given = {"style": "noir", "scale": 2, "steps": 1, "sampler": "x"}
    assert started(given, default).prompt == "p"
    assert started(given, default, prompt=None).prompt == "a gym"


def test_a_whole_number_written_with_a_point_is_kept_as_a_whole_number() -> None:
    value = started({"style": "x", "scale": 2, "steps": 8.0}, STEPS, SAMPLER).variables["steps"]
    assert (type(value), value) == (int, 8)


def test_everything_missing_or_wrong_in_any_step_is_named_in_one_refusal() -> None:
    with pytest.raises(MissingVariable) as caught:
        started({"steps": "many", "sampler": "ddim", "seed": -1}, STEPS, SAMPLER)
    assert caught.value.facts == {
        "variable": "style",
        "variables": ["style", "scale"],
        "step": "Base",
        "wrong": ["steps", "sampler", "seed"],
    }
    for words in (
        "'Base' asks for style",
        "'Up' asks for scale",
        "steps must be",
        'one of "euler", "heun"',
        "seed must",
    ):
        assert words in caught.value.message


def test_wrong_values_alone_are_a_bad_variable() -> None:
    with pytest.raises(BadVariable) as caught:
        started({"style": "x", "scale": 1, "steps": 0}, STEPS, SAMPLER)
    assert caught.value.facts == {"variable": "steps", "wrong": ["steps"]}


def test_an_untyped_template_takes_any_value() -> None:
    assert started({"style": ["a"], "scale": None, "steps": {}, "sampler": 1}).variables["steps"] == {}


def test_the_form_of_a_run_shows_what_is_declared_then_what_is_used() -> None:
    definitions = (declared(**STEPS), declared(name="unused"))
    assert [one.name for one in form_of(PIPELINE.steps, definitions)] == [
        "steps",
        "unused",
        "sampler",
        "style",
        "scale",
    ]
    assert variables_asked(PIPELINE.steps, definitions) == ("sampler", "style", "scale")
    assert "unused" in warnings_about(PIPELINE.steps, definitions)[0]
