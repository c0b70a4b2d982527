"""What people type and read: names, variables, files, problems, log lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from carnival_cli.api.errors import ApiRefused, sentence_of
from carnival_cli.api.lookup import pick
from carnival_cli.api.views.monitoring import LogLine
from carnival_cli.api.views.pipeline import Pipeline
from carnival_cli.commands.events import detail_of
from carnival_cli.exits import CommandFailed, Exit
from carnival_cli.pipeline_file import read_pipeline, same_definition
from carnival_cli.variables import parse_variables

ENTRIES = (("abc1", "Gym"), ("abd2", "Beach"), ("xyz3", "Beach"))


def picked(wanted: str) -> str:
    return pick("run", wanted, ENTRIES, lambda entry: entry[0], lambda entry: entry[1])[0]


def test_a_thing_is_found_by_id_by_name_and_by_the_beginning_of_its_id() -> None:
    assert [picked("abd2"), picked("Gym"), picked("x")] == ["abd2", "abc1", "xyz3"]


@pytest.mark.parametrize(
    ("wanted", "words"), [("Beach", "There are 2 runs 'Beach'"), ("ab", "There are 2"), ("no", "no run 'no'")]
)
def test_what_is_not_clear_is_asked_back(wanted: str, words: str) -> None:
    with pytest.raises(CommandFailed, match=words):
        picked(wanted)


def test_variables_keep_their_json_type_and_anything_else_is_text() -> None:
    given = ["steps=30", "cfg=7.5", "hires=true", "style=oil = canvas", "tags=[1,2]", "zip=007", "empty="]
    assert parse_variables(given) == {
        "steps": 30,
        "cfg": 7.5,
        "hires": True,
        "style": "oil = canvas",
        "tags": [1, 2],
        "zip": "007",
        "empty": "",
    }


@pytest.mark.parametrize("pair", ["steps", "=5", " =5"])
def test_a_variable_without_name_or_sign_is_wrong_usage(pair: str) -> None:
    with pytest.raises(CommandFailed) as caught:
        parse_variables([pair])
    assert caught.value.code is Exit.USAGE


def test_a_problem_document_becomes_a_sentence() -> None:
    problem = {"type": "/problems/run-unknown", "title": "No such run", "detail": "There is no run r9"}
    refused = ApiRefused(404, problem)
    assert str(refused) == "No such run: There is no run r9"
    assert (refused.kind, refused.code) == ("run-unknown", Exit.REFUSED)
    assert sentence_of(418, {}) == "The API answered with status 418."


def a_pipeline_file(folder: Path, **step: Any) -> Path:
    file = folder / "pipeline.json"
    file.write_text(json.dumps({"name": "P", "steps": [{"order": 1, "name": "Base", **step}]}), encoding="utf-8")
    return file


def test_a_template_may_lie_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "base.json").write_text('{"1": {{node}}}', encoding="utf-8")
    body = read_pipeline(a_pipeline_file(tmp_path, template_file="base.json"))
    assert body["steps"] == [{"order": 1, "name": "Base", "template": '{"1": {{node}}}'}]


@pytest.mark.parametrize("text", ["{", "[]", '{"name": "P"}', '{"steps": [5]}'])
def test_a_file_that_describes_no_pipeline_is_wrong_usage(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bad.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CommandFailed) as caught:
        read_pipeline(file)
    assert caught.value.code is Exit.USAGE


def test_an_equal_definition_is_known_however_its_template_is_spaced(tmp_path: Path) -> None:
    body = read_pipeline(a_pipeline_file(tmp_path, template={"1": {"class_type": "SaveImage", "inputs": {}}}))
    step = {
        "order": 1,
        "name": "Base",
        "template": '{"1":{"class_type":"SaveImage","inputs":{}}}',
        "needs_prompt": False,
        "needs_parent": False,
        "needs_variables": False,
        "pool": "default",
    }
    known = Pipeline.model_validate({"pipeline_id": "p", "version": 1, "name": "P", "steps": [step]})
    assert same_definition(body, known)
    body["steps"][0]["child_cap"] = 1
    assert not same_definition(body, known)


def test_a_log_line_names_what_tells_events_apart() -> None:
    event = {"run_id": "0123456789abcdef", "outcome": "left", "variables": {"a": 1}, "note": ""}
    line = LogLine(position=7, type="VoteCast", time=None, source="s", actor="a", event=event)
    assert detail_of(line) == "run_id=01234567 outcome=left"
    assert detail_of(line.model_copy(update={"event": None, "problem": "no such type"})) == "unreadable: no such type"
