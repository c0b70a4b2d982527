"""The document as it is served: valid; what it says often stands once, below `components`, and nothing is lost."""

from __future__ import annotations

from typing import Any

from fixtures.api_document import DESCRIBED, written_out
from openapi_spec_validator import OpenAPIV31SpecValidator

from curation_api.adapters.http.document import document_of, with_components
from curation_api.main import unconnected

ETAG = {"description": "Names this state.", "schema": {"type": "string"}}
LIMIT = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
MOVED = ("headers", "examples", "parameters", "responses")


def document(*operations: dict[str, Any]) -> dict[str, Any]:
    paths = {f"/{number}": {"get": operation} for number, operation in enumerate(operations)}
    return {"paths": paths, "webhooks": {}, "components": {"schemas": {}}}


def operation(status: str, answer: dict[str, Any], *parameters: dict[str, Any]) -> dict[str, Any]:
    return {"responses": {status: answer}, "parameters": [*parameters]}


def refused(*kinds: str) -> dict[str, Any]:
    content = {"examples": {kind: {"value": kind} for kind in kinds}}
    return {"description": "Refused", "content": {"application/problem+json": content}}


def test_the_whole_document_is_valid_openapi() -> None:
    validator = OpenAPIV31SpecValidator(unconnected(DESCRIBED).openapi())
    assert [error.message for error in validator.iter_errors()] == []


def test_the_whole_document_says_the_same_with_components() -> None:
    plain = document_of(unconnected(DESCRIBED))
    found = written_out(with_components(plain))
    assert {**found, "components": plain["components"]} == plain
    assert {name: kept for name, kept in found["components"].items() if name not in MOVED} == plain["components"]


def test_what_stands_twice_becomes_a_component_of_a_telling_name() -> None:
    tagged = {"description": "As it was", "headers": {"ETag": ETAG}}
    both = [operation("304", tagged, LIMIT), operation("304", tagged, LIMIT)]
    found = with_components(document(*both))
    assert found["components"]["headers"] == {"ETag": ETAG}
    assert found["components"]["parameters"] == {"query.limit": LIMIT}
    assert found["components"]["responses"] == {
        "304": {"description": "As it was", "headers": {"ETag": {"$ref": "#/components/headers/ETag"}}}
    }
    assert found["paths"]["/1"]["get"] == {
        "responses": {"304": {"$ref": "#/components/responses/304"}},
        "parameters": [{"$ref": "#/components/parameters/query.limit"}],
    }


def test_a_refusal_is_named_by_the_kinds_that_not_every_operation_answers() -> None:
    found = with_components(document(*[operation("503", refused("contended", "append-refused"))] * 2))
    assert found["components"]["responses"].keys() == {"503.contended"}


def test_what_stands_once_and_what_only_has_the_same_name_remain_where_they_are() -> None:
    other = {**LIMIT, "schema": {"type": "string"}}
    plain = document(operation("409", refused("bad-text"), LIMIT), operation("404", refused("run-unknown"), other))
    found = with_components(plain)
    assert found["paths"] == plain["paths"]
    assert [found["components"][name] for name in MOVED] == [{}, {}, {}, {}]
