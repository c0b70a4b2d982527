"""Which error becomes which problem: the handlers of everything that may be raised while a request is answered."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import psycopg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from psycopg.errors import InsufficientPrivilege, UndefinedTable
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from carnival.log.errors import AppendRefused, Forbidden, LogError
from curation_api.adapters.http.problem_kinds import (
    APPEND_REFUSED,
    BAD_JSON,
    BAD_REQUEST,
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
)
from curation_api.adapters.http.problems import correlation_of, problem, refused, unexpected
from curation_api.domain.refusals import Refusal

METHODS: Final = ("DELETE", "GET", "PATCH", "POST", "PUT")

_log = structlog.get_logger(__name__)


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


def _invalid(request: Request, error: RequestValidationError) -> Response:
    errors = [
        {"place": ".".join(str(part) for part in found["loc"]), "message": str(found["msg"])}
        for found in error.errors()[:20]
    ]
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if any(found["loc"] == ("body",) and found["type"] != "missing" for found in error.errors()) and not _is_json(
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
