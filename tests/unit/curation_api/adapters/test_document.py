"""The OpenAPI document leaves nothing unsaid: a route, parameter, member or error without words fails here.

What to do when it does: give the route a summary and a docstring, name its refusals in `problem_responses`, and give a
new word a line in `adapters/http/document/vocabulary.py`.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import jsonschema_rs
import pytest
from fixtures.api_document import written_out_document

import curation_api
from carnival.contracts.catalogue import CATALOGUE
from carnival.contracts.envelope import Recorded
from carnival.contracts.ids import Position
from carnival.testing import examples
from curation_api.adapters.http.document.completing import operations_of
from curation_api.adapters.http.document.placeholders import BUILT_IN
from curation_api.adapters.http.problem_kinds import all_kinds
from curation_api.adapters.http.problem_members import MEMBERS, KindMembers
from curation_api.adapters.notices import NoticeKind
from curation_api.domain.access.webhooks import TEST_TYPE, message_of, sendable_types, try_out
from curation_api.domain.placeholders import PARENT_NAMES, PROMPT, SYSTEM_NAMES
from curation_api.domain.refusals import Refusal

SOURCE = Path(curation_api.__file__).parent
PROBLEM = "application/problem+json"
DOCUMENT = written_out_document()
SCHEMAS: dict[str, dict[str, Any]] = DOCUMENT["components"]["schemas"]
OPERATIONS = {
    operation["operationId"]: (method, path, operation) for method, path, operation in operations_of(DOCUMENT)
}
SAMPLES = Path(__file__).parents[3] / "contract/carnival/samples"
each_operation = pytest.mark.parametrize("name", OPERATIONS)


def fits(schema: dict[str, Any], example: Any) -> None:
    whole = {**schema, "components": DOCUMENT["components"]}
    jsonschema_rs.Draft202012Validator(whole).validate(example)


def test_it_is_openapi_31_with_words_for_every_tag() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    used = {tag for _, _, operation in OPERATIONS.values() for tag in operation["tags"]}
    assert used == {tag["name"] for tag in DOCUMENT["tags"] if tag["description"]}


def test_every_operation_has_a_name_of_its_own() -> None:
    assert len(OPERATIONS) == len(list(operations_of(DOCUMENT)))
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in OPERATIONS)


@each_operation
def test_every_operation_is_summed_up_and_described(name: str) -> None:
    _, _, operation = OPERATIONS[name]
    assert operation["summary"]
    assert operation.get("description"), "the route's function needs a docstring"


@each_operation
def test_every_parameter_has_words_and_an_example_that_fits(name: str) -> None:
    for parameter in OPERATIONS[name][2].get("parameters", []):
        assert parameter.get("description"), f"{parameter['name']} needs a line in vocabulary.py"
        if parameter["schema"].get("type") == "string" and not parameter["schema"].get("examples"):
            assert parameter["example"] != parameter["name"], f"{parameter['name']} needs an example"
        fits(parameter["schema"], parameter["example"])


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_member_of_every_answer_has_words(name: str) -> None:
    members: dict[str, dict[str, Any]] = SCHEMAS[name].get("properties", {})
    assert [member for member, schema in members.items() if not schema.get("description")] == []


def test_no_two_schemas_have_the_same_title() -> None:
    titles = [schema["title"] for schema in SCHEMAS.values() if "title" in schema]
    assert len(titles) == len(set(titles))


@each_operation
def test_every_body_has_an_example_that_fits(name: str) -> None:
    _, _, operation = OPERATIONS[name]
    contents = [operation["requestBody"]["content"]] if "requestBody" in operation else []
    contents += [response.get("content", {}) for response in operation["responses"].values()]
    for content in contents:
        for media_type, found in content.items():
            if media_type == "application/json":
                fits(found["schema"], found["example"])


@each_operation
def test_every_error_is_a_problem_document_with_an_example_per_kind(name: str) -> None:
    known = {kind.name: kind for kind in all_kinds()}
    responses: dict[str, dict[str, Any]] = OPERATIONS[name][2]["responses"]
    assert {"422", "500", "503"} <= responses.keys()
    for status, response in responses.items():
        assert response["description"]
        if status < "400":
            continue
        for kind, example in response["content"][PROBLEM]["examples"].items():
            assert (known[kind].status, example["value"]["type"]) == (int(status), f"/problems/{kind}")
            fits(response["content"][PROBLEM]["schema"], example["value"])


@each_operation
def test_every_list_is_turned_by_cursor_and_bounded(name: str) -> None:
    method, _, operation = OPERATIONS[name]
    content = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
    if method == "get" and content.get("schema", {}).get("$ref", "").split("/")[-1].startswith("Page_"):
        parameters = {one["name"]: one["schema"] for one in operation["parameters"]}
        assert "cursor" in parameters
        assert parameters["limit"]["maximum"] <= 5000


def test_every_kind_of_problem_says_what_to_do() -> None:
    assert all(kind.title and kind.advice and re.fullmatch(r"[a-z0-9-]+", kind.name) for kind in all_kinds())


def test_no_text_cites_the_rules_by_number_which_no_client_knows() -> None:
    texts = re.findall(r'"(?:description|summary)": "(.*?)(?<!\\)"', json.dumps(DOCUMENT))
    assert [text for text in texts if re.search(r"\b(?!UTF-|SHA-)[A-Z]{2,}-\d+\b", text)] == []


def test_no_example_repeats_the_name_of_a_member_for_want_of_a_value() -> None:
    bodies = (
        body for _, _, one in OPERATIONS.values() for body in (one.get("requestBody", {}), *one["responses"].values())
    )
    shown = (content.get("example") for body in bodies for content in body.get("content", {}).values())
    assert {member for example in shown for member in repeated(example)} == set()


def repeated(example: Any, name: str = "") -> Iterator[str]:
    """The members whose value is their own name."""
    if isinstance(example, dict):
        for member, value in cast("dict[str, Any]", example).items():
            yield from repeated(value, member)
    elif isinstance(example, list):
        for value in cast("list[Any]", example):
            yield from repeated(value, name)
    elif isinstance(example, str) and example == name:
        yield name


@each_operation
def test_a_write_that_is_not_shown_yet_is_answered_without_a_result(name: str) -> None:
    pending = OPERATIONS[name][2]["responses"].get("202", {}).get("content", {}).get("application/json")
    if pending:
        assert (pending["example"]["projected"], pending["example"].get("result")) == (False, None)


def test_what_refusals_say_beside_their_words_is_documented() -> None:
    kinds = {refusal.__name__: refusal.kind for refusal in descendants(Refusal)}
    calls = (node for path in SOURCE.rglob("*.py") for node in ast.walk(ast.parse(path.read_text())))
    for call in (node for node in calls if isinstance(node, ast.Call) and node.keywords):
        named = [ast.unparse(part).rpartition(".")[2] for part in (call.func, *call.args)]
        said = {keyword.arg for keyword in call.keywords if keyword.arg}
        for kind in (kinds[one] for one in named if one in kinds):
            assert said <= set(MEMBERS.get(kind, ())), f"{kind} needs a line in problem_members.py"


def descendants(refusal: type[Refusal]) -> Iterator[type[Refusal]]:
    for one in refusal.__subclasses__():
        yield from (one, *descendants(one))


def test_every_member_of_a_problem_is_said_by_some_kind() -> None:
    assert {name for names in MEMBERS.values() for name in names} == KindMembers.model_fields.keys()
    assert MEMBERS.keys() <= {kind.name for kind in all_kinds()}


def test_every_bound_of_a_whole_number_is_one_that_readers_of_json_keep_exactly() -> None:
    bounds = re.findall(r'"(?:m|exclusiveM)(?:in|ax)imum": (-?\d+)\b', json.dumps(DOCUMENT))
    assert bounds
    assert max(abs(int(bound)) for bound in bounds) < 2**53


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_event_has_a_schema_of_its_name_that_takes_what_was_recorded(name: str) -> None:
    sample = json.loads((SAMPLES / f"{name}.v{CATALOGUE[name].schema_version}.json").read_text())
    fits(SCHEMAS[name], sample["body"])
    assert sample["body"].keys() == SCHEMAS[name]["properties"].keys()
    assert SCHEMAS["EventView"]["properties"]["event"]["x-schema-of-type"][name] == f"#/components/schemas/{name}"


def test_what_webhooks_send_is_what_the_section_webhooks_says() -> None:
    webhooks: dict[str, dict[str, Any]] = DOCUMENT["webhooks"]
    bodies = {name: one["post"]["requestBody"]["content"]["application/json"] for name, one in webhooks.items()}
    assert bodies.keys() == sendable_types() | {TEST_TYPE}
    sent = [message_of(Recorded(event, examples.meta(), Position(7), "")) for event in examples.one_of_each()]
    for message in (json.loads(one.body) for one in (*sent, try_out("1", examples.NOON))):
        if message["type"] in bodies:
            fits(bodies[message["type"]]["schema"], message)
    for body in bodies.values():
        fits(body["schema"], body["example"])


def test_what_the_stream_of_changes_sends_has_the_shapes_that_are_named() -> None:
    content = OPERATIONS["follow_changes"][2]["responses"]["200"]["content"]["text/event-stream"]
    told = re.findall(r"^event: (.+)\ndata: (.+)$", content["example"], re.MULTILINE)
    assert {kind for kind, _ in told} == content["x-data-of-event"].keys() == {"change", *NoticeKind}
    for kind, data in told:
        schema = SCHEMAS[content["x-data-of-event"][kind].rsplit("/", 1)[-1]]
        assert json.loads(data).keys() == set(schema["required"])
        fits(schema, json.loads(data))


def test_the_introduction_names_every_placeholder_that_fills_itself() -> None:
    assert BUILT_IN.keys() == SYSTEM_NAMES | PARENT_NAMES | {PROMPT}
    assert all(f"{{{{{name}}}}}" in DOCUMENT["info"]["description"] for name in BUILT_IN)
