"""Errors as problem documents (RFC 9457): the one place where refusals and failures become HTTP."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, Final

import structlog
from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from curation_api.adapters.http.example_ids import CORRELATION
from curation_api.adapters.http.problem_kinds import (
    EVERYWHERE,
    INTERNAL,
    ProblemKind,
    kind_of,
    kinds_of_status,
)
from curation_api.adapters.http.problem_members import KindMembers, example_members
from curation_api.adapters.http.rate_limits import shown
from curation_api.domain.access.refusals import CredentialRefused, RateExceeded
from curation_api.domain.image_refusals import BadRange
from curation_api.domain.refusals import Refusal

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = 1
METHODS: Final = ("DELETE", "GET", "PATCH", "POST", "PUT")

_log = structlog.get_logger(__name__)


class FieldProblem(BaseModel):
    place: str = Field(description="Where in the request: body, path, query or header, then the names.")
    message: str


class Problem(KindMembers):
    """What went wrong, for people and programs (RFC 9457). The first six members are always there; each other one only
    where it means something, which `/problems` lists by kind."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Stable name of the situation, a path below /problems.")
    title: str
    status: int = Field(description="The HTTP status.")
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


def problem_responses(*errors: type[Refusal] | ProblemKind | int) -> dict[int | str, dict[str, Any]]:
    """The errors a route answers beside those that any route may answer, for its documentation.

    Name the refusals; a bare status is for where nothing more is known than that.
    """
    kinds = list(EVERYWHERE)
    for error in errors:
        match error:
            case int():
                kinds += kinds_of_status(error)
            case ProblemKind():
                kinds.append(error)
            case _:
                kinds.append(kind_of(error))
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
        "correlation_id": CORRELATION,
        **example_members(kind.name),
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


def unexpected(request: Request) -> Response:
    """What the outermost boundary answers for an error that nobody foresaw."""
    return problem(request, INTERNAL, "The request failed. Name the correlation id in a report.")
