"""Headers of answers, by what an answer is."""

from __future__ import annotations

from typing import Final

from curation_api.adapters.http.document.examples import Schema

JSON: Final = "application/json"
JSON_LINES: Final = "application/x-ndjson"
PNG: Final = "image/png"
SCHEMA_PREFIX: Final = "#/components/schemas/"
TAGGED: Final = ("Written_RunView", "Written_PipelineView", "Written_CandidateView")
UNCOUNTED: Final = frozenset({"401", "403", "500"})
"""Answers that are given before the sender's requests are counted, or when that is lost."""

_TEXT: Final[Schema] = {"type": "string"}
_HEADERS: Final[dict[str, Schema]] = {
    "Accept-Ranges": {"description": "bytes: parts of it can be asked for.", "schema": _TEXT},
    "Carnival-Correlation": {"description": "Names this request in the service's log.", "schema": _TEXT},
    "Carnival-Projected": {
        "description": "The answer includes everything up to this log position.",
        "schema": {"type": "string", "pattern": r"^\d+$"},
    },
    "Carnival-Position": {
        "description": "Log position of what was written; absent if nothing was, as of a skip.",
        "schema": _TEXT,
    },
    "Content-Disposition": {"description": "A name to save the file under.", "schema": _TEXT},
    "Content-Range": {"description": "Which bytes of how many, as `bytes 0-99/1000`.", "schema": _TEXT},
    "ETag": {"description": "Names this state of the resource.", "schema": _TEXT},
    "Link": {"description": 'The next page, as `<address>; rel="next"`.', "schema": _TEXT},
    "RateLimit": {
        "description": "Requests that are left (`r`), and seconds until there are more (`t`).",
        "schema": _TEXT,
    },
    "RateLimit-Policy": {
        "description": "Requests that may come at once (`q`), and seconds after which they may again (`w`).",
        "schema": _TEXT,
    },
    "Retry-After": {"description": "Seconds to wait before trying again.", "schema": _TEXT},
    "WWW-Authenticate": {
        "description": "Bearer; with `invalid_token` if a token came and is not known.",
        "schema": _TEXT,
    },
}


def headers_of(operation: Schema, method: str, status: str, response: Schema) -> Schema:
    """Those that an answer with this status bears, or may bear."""
    names = ["Carnival-Correlation", *_counted(status)]
    content: Schema = response.get("content", {})
    if JSON in content:
        names += _of_json(method, status, kind_of_answer(content))
        names += ["Carnival-Position"] if _has(operation, "idempotency-key") else []
    if _tells_position(operation, status, content):
        names.append("Carnival-Projected")
    if JSON_LINES in content:
        names.append("Content-Disposition")
    if is_file(operation) and status in {"200", "206", "304"}:
        names += ["ETag", "Accept-Ranges", "Content-Disposition"]
    if status == "304":
        names.append("ETag")
    if status in {"206", "416"}:
        names.append("Content-Range")
    if status in {"429", "503"}:
        names.append("Retry-After")
    if status == "401":
        names.append("WWW-Authenticate")
    return {name: _HEADERS[name] for name in sorted(set(names))}


def kind_of_answer(content: Schema) -> str:
    """The name of the schema of a JSON answer, or nothing."""
    return str(content.get(JSON, {}).get("schema", {}).get("$ref", "")).removeprefix(SCHEMA_PREFIX)


def is_file(operation: Schema) -> bool:
    """Whether it answers a stored file, which never changes."""
    responses = operation["responses"]
    return "304" in responses and PNG in responses.get("200", {}).get("content", {})


def _counted(status: str) -> list[str]:
    return [] if status in UNCOUNTED else ["RateLimit", "RateLimit-Policy"]


def _tells_position(operation: Schema, status: str, content: Schema) -> bool:
    waits = _has(operation, "at-least")
    if status == "304":
        return waits and not is_file(operation)
    return waits and status in {"200", "201", "202"} and (JSON in content or JSON_LINES in content)


def _has(operation: Schema, parameter: str) -> bool:
    return any(one["name"].lower() == parameter for one in operation.get("parameters", []))


def _of_json(method: str, status: str, kind: str) -> list[str]:
    names = list[str]()
    if (method == "get" and status == "200") or (kind.startswith(TAGGED) and status in {"200", "201"}):
        names.append("ETag")
    if kind.startswith("Page_"):
        names.append("Link")
    return names
