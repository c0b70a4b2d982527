"""Substitution (SUB-1 to SUB-5, PAY-1, PAY-8)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfy_gateway.domain.errors import BadTemplate, MissingVariable
from comfy_gateway.domain.template import fill, placeholders

any_text = st.text(st.characters(codec=None), max_size=60)
any_json: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=12,
)


@given(any_text)
def test_any_text_survives_alone_in_quotes(value: str) -> None:
    assert fill('{"text": "{{value}}"}', {"value": value}) == {"text": value}


@given(any_text)
def test_any_text_survives_amid_other_text(value: str) -> None:
    assert fill('{"text": "a {{value}} \\"z\\""}', {"value": value}) == {"text": f'a {value} "z"'}


@given(any_text)
def test_any_text_survives_in_a_key(value: str) -> None:
    assert fill('{"k {{value}}": 1}', {"value": value}) == {f"k {value}": 1}


@given(any_json)
def test_any_value_keeps_its_type_alone_in_quotes_and_outside_of_them(value: Any) -> None:
    filled = fill('{"quoted": "{{value}}", "bare": {{value}}, "last": [1, {{value}}]}', {"value": value})
    assert filled == {"quoted": value, "bare": value, "last": [1, value]}


@given(any_text, any_text)
def test_no_text_changes_the_structure(first: str, second: str) -> None:
    template = '{"1": {"inputs": {"text": "x{{a}}y{{b}}", "alone": "{{b}}"}, "class_type": "T"}, "2": [{{a}}, {{b}}]}'
    filled = fill(template, {"a": first, "b": second})
    assert filled == {
        "1": {"inputs": {"text": f"x{first}y{second}", "alone": second}, "class_type": "T"},
        "2": [first, second],
    }


@given(any_json)
def test_a_template_without_placeholders_is_unchanged(content: Any) -> None:
    written = json.dumps(content)
    if "{{" not in written:
        assert fill(written, {}) == content


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (5, "5"),
        (10**400, str(10**400)),
        (0.1, "0.1"),
        (1e22, "10000000000000000000000"),
        (1e-7, "0.0000001"),
        (True, "true"),
        (False, "false"),
        (None, ""),
        ([1, "ü"], '[1, "ü"]'),
        ({"a": None}, '{"a": null}'),
    ],
)
def test_amid_text_a_value_becomes_text(value: Any, shown: str) -> None:
    assert fill('{"text": "<{{value}}>"}', {"value": value}) == {"text": f"<{shown}>"}


def test_a_number_stays_a_number_and_digits_as_text_stay_text() -> None:
    assert fill('{"a": "{{seed}}"}', {"seed": 5}) == {"a": 5}
    assert fill('{"a": "{{seed}}"}', {"seed": "5"}) == {"a": "5"}


def test_integers_keep_all_their_digits() -> None:
    assert fill('{"a": {{seed}}}', {"seed": 2**64 - 1}) == {"a": 2**64 - 1}


def test_substitution_happens_once() -> None:
    assert fill('{"a": "{{x}} {{y}}"}', {"x": "{{y}}", "y": "{{x}}"}) == {"a": "{{y}} {{x}}"}


def test_braces_that_form_no_placeholder_stay() -> None:
    kept = '{"a": "{{ name }} {name} {{}} {{a-b}} {{{", "b": {"c": {}}}'
    assert fill(kept, {}) == json.loads(kept)


def test_braces_around_a_placeholder_stay() -> None:
    assert fill('{"a": "{{{x}}}"}', {"x": "v"}) == {"a": "{v}"}


def test_a_placeholder_written_with_escapes_is_one() -> None:
    assert fill('{"a": "\\u007b\\u007bx}}"}', {"x": 1}) == {"a": 1}


def test_a_missing_value_is_named() -> None:
    with pytest.raises(MissingVariable) as caught:
        fill('{"a": "{{here}} {{colour}}"}', {"here": 1})
    assert caught.value.name == "colour"


@pytest.mark.parametrize(
    "template",
    [
        "",
        "{",
        '{"a": }',
        '{"a": "no end}',
        '{"a": "\\x"}',
        '{"a": NaN}',
        '{"a": 1e999}',
        '{"a": 1, "a": 2}',
        '{"{{x}}": 1, "v": 2}',
        '{"a": 1{{n}}}',
        '{"a": "b" {{x}}}',
        '{"a": "line\nbreak"}',
        "[" * 100_000,
    ],
)
def test_what_does_not_parse_is_a_bad_template(template: str) -> None:
    with pytest.raises(BadTemplate):
        fill(template, {"x": "v", "n": 2})


def test_the_placeholders_of_a_template_can_be_listed() -> None:
    assert placeholders('{"{{key}}": "a {{x}} {{ no }}", "b": {{y}}}') == {"key", "x", "y"}
