"""Errors as problem documents (RFC 9457): the one place where refusals and failures become HTTP."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, Final

import psycopg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from psycopg.errors import InsufficientPrivilege, UndefinedTable
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from carnival.log.errors import AppendRefused, Forbidden, LogError
from curation_api.adapters.http.problem_kinds import (
    APPEND_REFUSED,
    BAD_JSON,
    BAD_REQUEST,
    EVERYWHERE,
    INTERNAL,
    INVALID_REQUEST,
    LOG_UNAVAILABLE,
    MEDIA_TYPE_UNSUPPORTED,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    READ_MODEL_UNAVAILABLE,
    REQUEST_SLOW,
    ROUTE_UNKNOWN,
    TOO_LARGE,
    ProblemKind,
    kind_of,
    kinds_of_status,
)
from curation_api.adapters.http.rate_limits import shown
from curation_api.domain.access.refusals import CredentialRefused, RateExceeded
from curation_api.domain.image_refusals import BadRange
from curation_api.domain.refusals import Refusal

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = 1
METHODS: Final = ("DELETE", "GET", "PATCH", "POST", "PUT")
EXAMPLE_CORRELATION: Final = "5e4d3c2b1a094f8e8d7c6b5a4f3e2d1c"

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


def problem(request: Request, kind: ProblemKind, detail: str, **members: Any) -> Response:
    """A problem document. `members` are what this kind says beside the standard members."""
    body = {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "instance": request.url.path,
        "correlation_id": correlation_of(request),
        **members,
    }
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if kind.status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return Response(json.dumps(body), status_code=kind.status, media_type=MEDIA_TYPE, headers=headers)


def correlation_of(request: Request) -> str:
    return str(request.scope.get("state", {}).get("correlation_id", ""))


def problem_responses(*errors: type[Refusal] | int) -> dict[int | str, dict[str, Any]]:
    """The errors a route answers beside those that any route may answer, for its documentation.

    Name the refusals; a bare status is for where nothing more is known than that.
    """
    kinds = list(EVERYWHERE)
    for error in errors:
        kinds += kinds_of_status(error) if isinstance(error, int) else [kind_of(error)]
    statuses = sorted({kind.status for kind in kinds})
    return {status: _documented([kind for kind in kinds if kind.status == status]) for status in statuses}


def _documented(kinds: list[ProblemKind]) -> dict[str, Any]:
    examples = {
        kind.name: {"summary": kind.title, "description": kind.advice, "value": _example(kind)} for kind in kinds
    }
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}
    return {"description": HTTPStatus(kinds[0].status).phrase, "content": {MEDIA_TYPE: content}}


def _example(kind: ProblemKind) -> dict[str, Any]:
    return {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": f"{kind.title}.",
        "instance": "/api/runs",
        "correlation_id": EXAMPLE_CORRELATION,
    }


def refused(request: Request, refusal: Refusal) -> Response:
    """The problem document of a refusal; one for lack of a credential says which kind is taken."""
    answer = problem(request, kind_of(type(refusal)), refusal.message, **refusal.facts)
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        known = isinstance(refusal, CredentialRefused)
        answer.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"' if known else "Bearer"
    if isinstance(refusal, RateExceeded):
        answer.headers.update({"Retry-After": str(refusal.allowance.wait_seconds), **shown(refusal.allowance)})
    if isinstance(refusal, BadRange):
        answer.headers["Content-Range"] = f"bytes */{refusal.facts['size']}"
    return answer


def answer_with_problems(app: FastAPI) -> None:
    """Every error of `app` becomes a problem document. What is no known error is left to the outermost boundary."""

    @app.exception_handler(Refusal)
    async def refusal(request: Request, error: Refusal) -> Response:
        return refused(request, error)

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

    _ = (refusal, invalid, http_error, log_failed, read_model_failed)


def unexpected(request: Request) -> Response:
    """What the outermost boundary answers for an error that nobody foresaw."""
    return problem(request, INTERNAL, "The request failed. Name the correlation id in a report.")


def _invalid(request: Request, error: RequestValidationError) -> Response:
    errors = [
        {"place": ".".join(str(part) for part in found["loc"]), "message": str(found["msg"])}
        for found in error.errors()[:20]
    ]
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if any(found["loc"][:1] == ("body",) and found["type"] != "missing" for found in error.errors()) and not _is_json(
        media_type
    ):
        detail = f"The body is {media_type or 'of no type'}; application/json is expected"
        return problem(request, MEDIA_TYPE_UNSUPPORTED, detail)
    if any(found["type"] == "json_invalid" for found in error.errors()):
        return problem(request, BAD_JSON, errors[0]["message"], errors=errors)
    if all(found["loc"][:1] == ("path",) for found in error.errors()):
        return problem(request, NOT_FOUND, errors[0]["message"], errors=errors)
    detail = "; ".join(f"{found['place']}: {found['message']}" for found in errors[:3])
    return problem(request, INVALID_REQUEST, detail, errors=errors)


def _is_json(media_type: str) -> bool:
    return media_type == "application/json" or (media_type.startswith("application/") and media_type.endswith("+json"))


def _http_error(request: Request, error: HTTPException) -> Response:
    kinds = {
        404: ROUTE_UNKNOWN,
        405: METHOD_NOT_ALLOWED,
        413: TOO_LARGE,
        400: BAD_REQUEST,
        415: MEDIA_TYPE_UNSUPPORTED,
        408: REQUEST_SLOW,
    }
    kind = kinds.get(error.status_code) or _plain(error.status_code)
    answer = problem(request, kind, str(error.detail))
    answer.headers.update(error.headers or {})
    if kind is REQUEST_SLOW:
        answer.headers["Connection"] = "close"
    if kind is METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = ", ".join(_methods_at(request))
    return answer


def _methods_at(request: Request) -> list[str]:
    """The methods of all routes at an address; the router itself names those of the first one only."""
    return [
        method
        for method in METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in request.app.routes)
    ]


def _plain(status: int) -> ProblemKind:
    phrase = HTTPStatus(status).phrase
    return ProblemKind(phrase.lower().replace(" ", "-"), status, phrase, "")


def _log_failed(request: Request, error: LogError) -> Response:
    _log.error("The log did not take or give an event", action="log_failed", error=str(error))
    if isinstance(error, AppendRefused | Forbidden):
        return problem(request, APPEND_REFUSED, str(error))
    return problem(request, LOG_UNAVAILABLE, LOG_UNAVAILABLE.advice)


def _read_model_failed(request: Request, error: psycopg.Error) -> Response:
    if isinstance(error, psycopg.OperationalError | UndefinedTable | InsufficientPrivilege):
        _log.error("The read model does not answer", action="read_model_failed", error=str(error))
        return problem(request, READ_MODEL_UNAVAILABLE, READ_MODEL_UNAVAILABLE.advice)
    _log.exception("A query failed", action="query_failed", correlation_id=correlation_of(request))
    return unexpected(request)
