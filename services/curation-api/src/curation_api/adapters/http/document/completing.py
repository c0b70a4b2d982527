"""What every operation has in common, put into the document once instead of at each route."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from curation_api.adapters.http.document.examples import Examples, Schema
from curation_api.adapters.http.document.vocabulary import WORDS
from curation_api.adapters.http.problems import problem_responses
from curation_api.domain.refusals import CommandVoid, Contended, KeyReused, PositionAhead, ProjectionBehind, TooLarge

METHODS: Final = ("get", "post", "put", "patch", "delete")
JSON: Final = "application/json"
SCHEMA_PREFIX: Final = "#/components/schemas/"
WRITTEN: Final = (f"{SCHEMA_PREFIX}Written_", f"{SCHEMA_PREFIX}BatchWritten")

_HEADERS: Final[dict[str, Schema]] = {
    "Carnival-Correlation": {"description": "Names this request in the service's log.", "schema": {"type": "string"}},
    "Carnival-Projected": {
        "description": "The answer includes everything up to this log position.",
        "schema": {"type": "string", "pattern": r"^\d+$"},
    },
    "Carnival-Position": {"description": "Log position of what was written.", "schema": {"type": "string"}},
    "ETag": {"description": "Names this state of the resource.", "schema": {"type": "string"}},
    "Link": {"description": 'The next page, as `<address>; rel="next"`.', "schema": {"type": "string"}},
    "RateLimit": {
        "description": "Requests that are left (`r`), and seconds until there are more (`t`).",
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": "Requests that may come at once (`q`), and seconds after which they may again (`w`).",
        "schema": {"type": "string"},
    },
    "Retry-After": {"description": "Seconds to wait before trying again.", "schema": {"type": "string"}},
}
_IF_NONE_MATCH: Final[Schema] = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
}


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
        for name, member in schema.get("properties", {}).items():
            _explain(member, name)
    examples = Examples(components)
    for method, _, operation in operations_of(document):
        _complete_operation(operation, method, examples)


def _complete_operation(operation: Schema, method: str, examples: Examples) -> None:
    responses: dict[str, Schema] = operation["responses"]
    _document_pending(responses)
    if "requestBody" in operation:
        for content in operation["requestBody"]["content"].values():
            content.setdefault("example", examples.of(content["schema"]))
        _add_errors(responses, problem_responses(400, TooLarge, 415))
    if method == "get" and JSON in responses.get("200", {}).get("content", {}):
        operation.setdefault("parameters", [])
        if not any(one["name"].lower() == "if-none-match" for one in operation["parameters"]):
            operation["parameters"].append(dict(_IF_NONE_MATCH, schema=dict(_IF_NONE_MATCH["schema"])))
        responses.setdefault("304", {"description": "The client has this state already."})
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
        for media_type, content in response.get("content", {}).items():
            if media_type == JSON and "schema" in content:
                content.setdefault("example", examples.of(content["schema"]))
        response["headers"] = {**_headers_of(operation, method, status, response), **response.get("headers", {})}
    operation["responses"] = dict(sorted(responses.items()))


def _document_pending(responses: dict[str, Schema]) -> None:
    """A write that is recorded but not projected yet answers 202 with the same members."""
    for status in ("200", "201"):
        content = responses.get(status, {}).get("content", {}).get(JSON, {})
        if content.get("schema", {}).get("$ref", "").startswith(WRITTEN):
            words = "Recorded in the log; the read model does not show it yet."
            responses.setdefault("202", {"description": words, "content": {JSON: {"schema": content["schema"]}}})


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


def _headers_of(operation: Schema, method: str, status: str, response: Schema) -> Schema:
    content = response.get("content", {}).get(JSON, {})
    kind = str(content.get("schema", {}).get("$ref", "")).removeprefix(SCHEMA_PREFIX)
    names = ["Carnival-Correlation"]
    if status in {"200", "201", "202"} and any(one["name"] == "at-least" for one in operation.get("parameters", [])):
        names.append("Carnival-Projected")
    if kind.startswith(("Written_", "BatchWritten")):
        names.append("Carnival-Position")
    if status == "304" or (method == "get" and status == "200" and content):
        names.append("ETag")
    if kind.startswith("Page_"):
        names.append("Link")
    if status in {"429", "503"}:
        names.append("Retry-After")
    if status == "429":
        names += ["RateLimit", "RateLimit-Policy"]
    return {name: _HEADERS[name] for name in names}


def _explain(described: dict[str, Any], name: str) -> None:
    word = WORDS.get(name)
    if word is not None:
        described.setdefault("description", word.meaning)
