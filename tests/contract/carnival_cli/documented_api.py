"""An API that knows its OpenAPI document and nothing else: it takes what that allows, and answers with its examples."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import parse_qsl

import jsonschema_rs
from fixtures.api_document import written_out_document
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from carnival.health import serve_health
from curation_api.adapters.http.document.completing import operations_of

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
DOCUMENT: Final = written_out_document()
OPERATIONS: Final = {
    operation["operationId"]: (method, path, operation) for method, path, operation in operations_of(DOCUMENT)
}


class DocumentedApi:
    """`asked` are the names of the operations that were called, in order."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[str] = []


def success_of(name: str) -> dict[str, Any]:
    """The answer of an operation that was carried out."""
    responses: dict[str, dict[str, Any]] = OPERATIONS[name][2]["responses"]
    return next(response for status, response in responses.items() if status.startswith("2"))


@asynccontextmanager
async def documented_api() -> AsyncGenerator[DocumentedApi]:
    api = DocumentedApi("")
    literal_first = sorted(OPERATIONS.items(), key=lambda one: one[1][1].count("{"))
    routes = [Route(path, _answering(api, name), methods=[method]) for name, (method, path, _) in literal_first]
    async with serve_health(Starlette(routes=routes), "127.0.0.1", 0) as port:
        api.url = f"http://127.0.0.1:{port}"
        yield api


def _answering(api: DocumentedApi, name: str) -> Any:
    _, _, operation = OPERATIONS[name]

    async def answer(request: Request) -> Response:
        wrong = await _wrong(request, operation)
        if wrong is not None:
            problem = {"type": "/problems/undocumented", "title": wrong, "status": 400}
            return Response(json.dumps(problem), 400, media_type="application/problem+json")
        api.asked.append(name)
        content: dict[str, Any] = success_of(name).get("content", {})
        if JSON in content:
            return Response(json.dumps(_last_page(content[JSON]["example"])), media_type=JSON)
        return Response(b"data: {}\n", media_type=next(iter(content), None))

    return answer


def _last_page(example: Any) -> Any:
    """Behind this page there is none."""
    ends = {"next", "tree_next"}
    return (
        {name: None if name in ends else value for name, value in example.items()}
        if isinstance(example, dict)
        else example
    )


async def _wrong(request: Request, operation: dict[str, Any]) -> str | None:
    """What of a request the document does not allow."""
    known = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}
    if undocumented := request.query_params.keys() - known:
        return f"no parameter is called {min(undocumented)}"
    content = operation.get("requestBody", {}).get("content", {})
    body = await request.body()
    if not content:
        return "a body where there is none" if body not in {b"", b"{}"} else None
    kind, described = next(iter(content.items()))
    sent = dict(parse_qsl(body.decode())) if kind == FORM else json.loads(body or b"null")
    whole = {**described["schema"], "components": DOCUMENT["components"]}
    found = list(jsonschema_rs.Draft202012Validator(whole).iter_errors(sent))
    return found[0].message if found else None
