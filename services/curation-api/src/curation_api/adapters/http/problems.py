"""Errors as problem documents (RFC 9457): the one place where refusals and failures become HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

import psycopg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from carnival.log.errors import AppendRefused, LogError
from curation_api.domain import refusals
from curation_api.domain.refusals import Refusal

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = 1

_STATUS: Final[Mapping[type[Refusal], int]] = {
    refusals.Missing: 404,
    refusals.Conflict: 409,
    refusals.Invalid: 422,
    refusals.Forbidden: 403,
    refusals.TooLarge: 413,
    refusals.Unsupported: 501,
    refusals.TryLater: 503,
}

_log = structlog.get_logger(__name__)


class FieldProblem(BaseModel):
    place: str = Field(description="Where in the request: body, path, query or header, then the names.")
    message: str


class Problem(BaseModel):
    """What went wrong, for people and programs (RFC 9457). Kinds have members of their own beside these."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Stable name of the situation, a path below /problems.")
    title: str
    status: int
    detail: str
    instance: str = Field(description="The request's path.")
    correlation_id: str = Field(description="Names this request in the service's log.")
    errors: list[FieldProblem] | None = None


def problem(request: Request, status: int, kind: str, title: str, detail: str, **members: Any) -> Response:
    """A problem document. `members` are what this kind says beside the standard members."""
    body = {
        "type": f"/problems/{kind}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.url.path,
        "correlation_id": correlation_of(request),
        **members,
    }
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return Response(json.dumps(body), status_code=status, media_type=MEDIA_TYPE, headers=headers)


def correlation_of(request: Request) -> str:
    return str(request.scope.get("state", {}).get("correlation_id", ""))


def status_of(refusal: type[Refusal]) -> int:
    """The HTTP status of a kind of refusal: that of the family it belongs to."""
    return next((_STATUS[family] for family in refusal.__mro__ if family in _STATUS), 409)


def known_kinds() -> Iterator[type[Refusal]]:
    """Every refusal there is, families left out."""
    open_ends = list(_STATUS)
    while open_ends:
        for kind in open_ends.pop().__subclasses__():
            yield kind
            open_ends.append(kind)


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route may answer beside success, for its documentation; 422, 500 and 503 always."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in sorted({*statuses, 422, 500, 503})
    }


def answer_with_problems(app: FastAPI) -> None:
    """Every error of `app` becomes a problem document. What is no known error is left to the outermost boundary."""

    @app.exception_handler(Refusal)
    async def refused(request: Request, error: Refusal) -> Response:
        return problem(request, status_of(type(error)), error.kind, error.title, error.message, **error.facts)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return _invalid(request, error)

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        return _http_error(request, error)

    @app.exception_handler(LogError)
    async def log_failed(request: Request, error: LogError) -> Response:
        return _log_failed(request, error)

    @app.exception_handler(psycopg.Error)
    async def read_model_failed(request: Request, error: psycopg.Error) -> Response:
        return _read_model_failed(request, error)

    _ = (refused, invalid, http_error, log_failed, read_model_failed)


def unexpected(request: Request) -> Response:
    """What the outermost boundary answers for an error that nobody foresaw."""
    return problem(
        request, 500, "internal", "An error in the service", "The request failed. Name the correlation id in a report."
    )


def _invalid(request: Request, error: RequestValidationError) -> Response:
    errors = [
        {"place": ".".join(str(part) for part in found["loc"]), "message": str(found["msg"])}
        for found in error.errors()[:20]
    ]
    if any(found["type"] == "json_invalid" for found in error.errors()):
        return problem(request, 400, "bad-json", "The body is no JSON", errors[0]["message"], errors=errors)
    if all(found["loc"][:1] == ("path",) for found in error.errors()):
        return problem(request, 404, "not-found", "There is nothing of this name", errors[0]["message"], errors=errors)
    detail = "; ".join(f"{found['place']}: {found['message']}" for found in errors[:3])
    return problem(request, 422, "invalid-request", "The request does not fit", detail, errors=errors)


def _http_error(request: Request, error: HTTPException) -> Response:
    kinds = {404: "route-unknown", 405: "method-not-allowed", 413: "too-large", 400: "bad-request"}
    phrase = HTTPStatus(error.status_code).phrase
    kind = kinds.get(error.status_code, phrase.lower().replace(" ", "-"))
    answer = problem(request, error.status_code, kind, phrase, str(error.detail))
    answer.headers.update(error.headers or {})
    return answer


def _log_failed(request: Request, error: LogError) -> Response:
    _log.error("The log did not take or give an event", action="log_failed", error=str(error))
    if isinstance(error, AppendRefused):
        return problem(request, 503, "append-refused", "The event log refuses to write", str(error))
    detail = (
        "The event log does not answer. Whether a command was carried out is unknown; "
        "send it again with the same Idempotency-Key, it will not be carried out twice."
    )
    return problem(request, 503, "log-unavailable", "The event log does not answer", detail)


def _read_model_failed(request: Request, error: psycopg.Error) -> Response:
    if isinstance(error, psycopg.OperationalError | psycopg.errors.UndefinedTable):
        _log.error("The read model does not answer", action="read_model_failed", error=str(error))
        detail = "The read model does not answer; the projector may not have run yet. Try again."
        return problem(request, 503, "read-model-unavailable", "The read model does not answer", detail)
    _log.exception("A query failed", action="query_failed", correlation_id=correlation_of(request))
    return unexpected(request)
