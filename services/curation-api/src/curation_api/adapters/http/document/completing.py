"""What every operation has in common, put into the document once instead of at each route."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from curation_api.adapters.http.document.examples import Examples, Schema
from curation_api.adapters.http.document.headers import JSON, JSON_LINES, headers_of, is_file
from curation_api.adapters.http.document.vocabulary import WORDS
from curation_api.adapters.http.problem_kinds import NOT_FOUND
from curation_api.adapters.http.problems import problem_responses
from curation_api.domain.refusals import CommandVoid, Contended, KeyReused, PositionAhead, ProjectionBehind, TooLarge

METHODS: Final = ("get", "post", "put", "patch", "delete")

_IF_NONE_MATCH: Final[Schema] = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
}
_SHOWN_BY: Final = {"run_id": "show_run", "pipeline_id": "show_pipeline", "candidate_id": "show_candidate"}
_IF_MATCH: Final = (
    "\n\nHeeds the header `If-Match`: with the ETag that `{shown}`, or a write to the same thing, has answered, the"
    " command is carried out only if nothing about the thing has changed since; else the answer is 412. `*` stands for"
    " any state. Whatever happens in a run, each image and vote too, changes the tag of the run."
)
_RANGES: Final = (
    "\n\nHeeds the headers `Range` (one range of bytes), `If-Range` and `If-None-Match`. HEAD answers with the same"
    " headers and no body."
)

_CITED: Final = re.compile(r"\s\((?:[A-Z]+-\d+(?:, | to )?)+\)")
"""Rules by number, which the code cites and no client knows."""


def operations_of(document: Schema) -> Iterator[tuple[str, str, Schema]]:
    """Method, path and operation, for all of them."""
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield method, path, methods[method]


def complete(document: Schema) -> None:
    """Words, examples, headers and common errors for every operation of `document`, in place."""
    components: dict[str, Schema] = document["components"]["schemas"]
    for schema in components.values():
        if "description" in schema:
            schema["description"] = _CITED.sub("", schema["description"])
        for name, member in schema.get("properties", {}).items():
            _explain(member, name)
    examples = Examples(components)
    for method, _, operation in operations_of(document):
        _complete_operation(operation, method, examples)


def _complete_operation(operation: Schema, method: str, examples: Examples) -> None:
    responses: dict[str, Schema] = operation["responses"]
    name: str = operation["operationId"]
    _document_pending(responses, examples, name)
    if "requestBody" in operation:
        for content in operation["requestBody"]["content"].values():
            content.setdefault("example", examples.of(content["schema"]))
        _add_errors(responses, problem_responses(400, TooLarge, 415))
    if method == "get" and (JSON in responses.get("200", {}).get("content", {}) or is_file(operation)):
        operation.setdefault("parameters", [])
        if not any(one["name"].lower() == "if-none-match" for one in operation["parameters"]):
            operation["parameters"].append(dict(_IF_NONE_MATCH, schema=dict(_IF_NONE_MATCH["schema"])))
        responses.setdefault("304", {"description": "The client has this state already."})
    _document_conditions(operation)
    if any(one["in"] == "path" for one in operation.get("parameters", [])):
        _add_errors(responses, problem_responses(NOT_FOUND))
    names = {parameter["name"].lower() for parameter in operation.get("parameters", [])}
    if "idempotency-key" in names:
        _add_errors(responses, problem_responses(KeyReused, CommandVoid, Contended))
    if "at-least" in names:
        _add_errors(responses, problem_responses(PositionAhead, ProjectionBehind))
    for parameter in operation.get("parameters", []):
        parameter["schema"] = _without_null(parameter["schema"])
        _explain(parameter, parameter["name"].lower())
        parameter.setdefault("example", examples.of(parameter["schema"], parameter["name"].lower()))
    for status, response in responses.items():
        _show(response.get("content", {}), examples, name)
        response["headers"] = {**headers_of(operation, method, status, response), **response.get("headers", {})}
    operation["responses"] = dict(sorted(responses.items()))


def _show(contents: dict[str, Schema], examples: Examples, operation: str) -> None:
    """Examples of answers; of JSON Lines the schema and the example are those of one line."""
    for media_type, content in contents.items():
        if media_type == JSON_LINES and "$ref" in content.get("schema", {}):
            content["schema"] = {"$ref": content["schema"]["$ref"]}
        if media_type in {JSON, JSON_LINES} and "schema" in content:
            content.setdefault("example", examples.of_answer(content["schema"], operation))


def _document_conditions(operation: Schema) -> None:
    """In words: any text would do as a tag or range by a schema, and most are refused all the same."""
    if "412" in operation["responses"]:
        named = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
        shown = next(_SHOWN_BY[name] for name in named if name in _SHOWN_BY)
        operation["description"] += _IF_MATCH.format(shown=shown)
    if is_file(operation):
        operation["description"] += _RANGES


def _document_pending(responses: dict[str, Schema], examples: Examples, operation: str) -> None:
    """A write that is recorded but not projected yet answers 202 with the same members."""
    for status in ("200", "201"):
        schema = responses.get(status, {}).get("content", {}).get(JSON, {}).get("schema", {})
        if "$ref" in schema and examples.members_of(schema).keys() >= {"position", "projected"}:
            whole = examples.of_answer(schema, operation)
            pending = whole | {"projected": False} | ({"result": None} if "result" in whole else {})
            words = "Recorded in the log; the read model does not show it yet."
            responses.setdefault(
                "202", {"description": words, "content": {JSON: {"schema": schema, "example": pending}}}
            )


def _without_null(schema: Schema) -> Schema:
    """An optional parameter is left out; no text stands for null."""
    options = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if len(options) != 1:
        return schema
    return {**options[0], **{name: value for name, value in schema.items() if name != "anyOf"}}


def _add_errors(responses: dict[str, Schema], errors: dict[int | str, Schema]) -> None:
    for status, response in errors.items():
        known = responses.setdefault(str(status), response)
        for content, added in zip(known["content"].values(), response["content"].values(), strict=True):
            content["examples"] = {**content["examples"], **added["examples"]}


def _explain(described: dict[str, Any], name: str) -> None:
    word = WORDS.get(name)
    if word is not None:
        described.setdefault("description", word.meaning)
