"""Templates are checked when they are saved (MOD-2, PAY-8)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation_api.domain.pipeline_refusals import BadTemplate
from curation_api.domain.template_check import check_template
from curation_api.domain.template_text import Unparsable, parse_template


def node(kind: str, **inputs: Any) -> dict[str, Any]:
    return {"class_type": kind, "inputs": inputs}


def workflow(**nodes: Any) -> str:
    return json.dumps({"save": node("SaveImage", images=["draw", 0]), "draw": node("EmptyImage"), **nodes})


def refusal(template: str, result_node: str | None = None) -> BadTemplate:
    with pytest.raises(BadTemplate) as caught:
        check_template("Base", template, result_node)
    return caught.value


def test_a_workflow_in_api_format_is_taken() -> None:
    check_template("Base", workflow(), None)


def test_placeholders_may_stand_inside_and_outside_of_strings_and_in_keys() -> None:
    template = (
        '{"save": {"class_type": "SaveImage", "inputs": {"images": ["draw", {{slot}}], "{{k}}": "{{p}} \\" y"}},'
        ' "draw": {"class_type": "{{kind}}", "inputs": {{inputs}}}}'
    )
    check_template("Base", template, None)


def test_what_does_not_parse_is_refused_with_its_step_and_position() -> None:
    found = refusal('{"a": {{seed}},\n  "b": }')
    assert found.facts == {"step": "Base", "line": 2, "column": 8}
    assert "'Base'" in found.message
    assert "line 2, column 8" in found.message


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("[]", "object of nodes"),
        ("{}", "no node"),
        ('{"nodes": [], "links": []}', "Export (API)"),
        ('{"prompt": {"1": {}}}', "whole request"),
        ('{"1": 5}', "no object"),
        ('{"1": {"inputs": {}}}', "no class_type"),
        ('{"1": {"class_type": "SaveImage"}}', "no inputs"),
        ('{"1": {"class_type": "X", "inputs": {}}, "1": {}}', "stands twice"),
        ('{"1": NaN}', "no JSON value"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_workflow_is_refused_in_words(template: str, words: str) -> None:
    assert words in refusal(template).message


def test_a_link_to_nowhere_is_refused() -> None:
    assert "'gone'" in refusal(workflow(blur=node("ImageBlur", image=["gone", 0]))).message


def test_a_circle_is_named() -> None:
    circle = {"a": node("A", x=["b", 0]), "b": node("B", x=["c", 0]), "c": node("C", x=["a", 0])}
    assert "a -> b -> c -> a" in refusal(workflow(**circle)).message


def test_a_node_that_feeds_itself_is_a_circle() -> None:
    assert "a -> a" in refusal(workflow(a=node("A", x=["a", 0]))).message


def test_a_long_chain_and_a_diamond_are_no_circle() -> None:
    chain = {f"n{i}": node("N", x=[f"n{i + 1}", 0]) for i in range(3000)} | {"n3000": node("N")}
    diamond = {"top": node("T", a=["l", 0], b=["r", 0]), "l": node("L", x=["d", 0]), "r": node("R", x=["d", 0])}
    check_template("Base", workflow(**chain, **diamond, d=node("D")), None)


def test_without_an_output_node_it_is_refused_unless_one_is_named() -> None:
    template = json.dumps({"draw": node("EmptyImage"), "mine": node("UploadSomewhere", images=["draw", 0])})
    assert "no output node" in refusal(template).message
    check_template("Base", template, "mine")
    assert "'other'" in refusal(template, "other").message


@given(st.text(max_size=200))
def test_any_text_is_either_parsed_or_refused(text: str) -> None:
    try:
        parse_template(text)
    except Unparsable as error:
        assert error.problem


@given(st.dictionaries(st.text(max_size=10), st.one_of(st.integers(), st.text(max_size=20), st.booleans(), st.none())))
def test_json_without_placeholders_is_parsed_as_it_is(value: dict[str, Any]) -> None:
    text = json.dumps(value)
    if "{{" not in text:
        assert parse_template(text) == value
