"""Every kind of problem there is: the refusals of the domain, and what goes wrong at the edge itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from curation_api.domain import refusals
from curation_api.domain.access.refusals import (
    ActingForOthers,
    CredentialMissing,
    CredentialRefused,
    CrossSite,
    IssuerUnreachable,
    NotForGuests,
    RateExceeded,
    RoleTooLow,
    TooOften,
    Unauthenticated,
)
from curation_api.domain.refusals import Refusal


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A situation: `name` ends its type, a path below /problems; `advice` says what to do about it."""

    name: str
    status: int
    title: str
    advice: str

    @property
    def type(self) -> str:
        return f"/problems/{self.name}"


_FAMILIES: Final[Mapping[type[Refusal], int]] = {
    refusals.Missing: 404,
    refusals.Conflict: 409,
    refusals.Invalid: 409,
    refusals.Forbidden: 403,
    refusals.TooLarge: 413,
    refusals.Gone: 410,
    refusals.Outdated: 412,
    refusals.Unsatisfiable: 416,
    refusals.Unsupported: 409,
    refusals.TryLater: 503,
    Unauthenticated: 401,
    TooOften: 429,
}

BAD_JSON: Final = ProblemKind("bad-json", 400, "The body is no JSON", "Send one JSON document in UTF-8.")
BAD_REQUEST: Final = ProblemKind("bad-request", 400, "The request cannot be read", "Check how the request is made up.")
NOT_FOUND: Final = ProblemKind(
    "not-found", 404, "There is nothing of this name", "Ids are 1 to 64 letters, digits, underscores and hyphens."
)
ROUTE_UNKNOWN: Final = ProblemKind(
    "route-unknown", 404, "There is no such address", "The document at /openapi.json lists all addresses."
)
METHOD_NOT_ALLOWED: Final = ProblemKind(
    "method-not-allowed", 405, "The address has no such method", "The header Allow names the methods it has."
)
TOO_LARGE: Final = ProblemKind(
    refusals.TooLarge.kind, 413, refusals.TooLarge.title, "The detail names the limit; it is a setting of the service."
)
MEDIA_TYPE_UNSUPPORTED: Final = ProblemKind(
    "media-type-unsupported", 415, "The body is of another type", "Send application/json and say so in Content-Type."
)
REQUEST_SLOW: Final = ProblemKind(
    "request-slow", 408, "The request took too long to come", "Send it again, faster; the connection is closed."
)
HEAD_TOO_LARGE: Final = ProblemKind(
    "head-too-large", 431, "The request's head is too large", "Send shorter or fewer headers, and a shorter address."
)
INVALID_REQUEST: Final = ProblemKind(
    "invalid-request", 422, "The request does not fit", "`errors` names each place that does not fit, and why."
)
INTERNAL: Final = ProblemKind(
    "internal", 500, "An error in the service", "Nothing was lost. Report it with its correlation id."
)
APPEND_REFUSED: Final = ProblemKind(
    "append-refused",
    503,
    "The event log refuses to write",
    "The log may be full, or closed to the API's user; whoever runs the hub has to look.",
)
LOG_UNAVAILABLE: Final = ProblemKind(
    "log-unavailable",
    503,
    "The event log does not answer",
    "Whether a command was carried out is unknown. Send it again with the same Idempotency-Key: it counts once.",
)
READ_MODEL_UNAVAILABLE: Final = ProblemKind(
    "read-model-unavailable",
    503,
    "The read model does not answer",
    "Try again after the pause. On a fresh hub the projector may not have run yet.",
)

EDGE: Final = (
    BAD_JSON,
    BAD_REQUEST,
    NOT_FOUND,
    ROUTE_UNKNOWN,
    METHOD_NOT_ALLOWED,
    TOO_LARGE,
    MEDIA_TYPE_UNSUPPORTED,
    REQUEST_SLOW,
    HEAD_TOO_LARGE,
    INVALID_REQUEST,
    INTERNAL,
    APPEND_REFUSED,
    LOG_UNAVAILABLE,
    READ_MODEL_UNAVAILABLE,
)
"""What is no refusal of the domain."""


def kind_of(refusal: type[Refusal]) -> ProblemKind:
    """A refusal as a kind of problem; its status is that of the family it belongs to."""
    status = next((_FAMILIES[family] for family in refusal.__mro__ if family in _FAMILIES), 409)
    return ProblemKind(refusal.kind, status, refusal.title, refusal.advice)


AT_THE_GATE: Final = (
    CredentialMissing,
    CredentialRefused,
    RoleTooLow,
    NotForGuests,
    ActingForOthers,
    CrossSite,
    IssuerUnreachable,
)
"""What keeps somebody out, of any operation that is not open to all."""

EVERYWHERE: Final = (
    INVALID_REQUEST,
    INTERNAL,
    APPEND_REFUSED,
    LOG_UNAVAILABLE,
    READ_MODEL_UNAVAILABLE,
    *map(kind_of, (*AT_THE_GATE, RateExceeded)),
)
"""What any operation may answer."""


def all_kinds() -> list[ProblemKind]:
    """Every kind, by name."""
    found = {kind.name: kind for kind in (*EDGE, *(kind_of(refusal) for refusal in _refusals()))}
    return [found[name] for name in sorted(found)]


def kinds_of_status(status: int) -> list[ProblemKind]:
    """The kinds that stand for a status where nothing more is known: the edge's own, else the family."""
    edge = [kind for kind in EDGE if kind.status == status]
    family = [kind_of(refusal) for refusal, answered in _FAMILIES.items() if answered == status]
    return edge[:1] or family


def _refusals() -> Iterator[type[Refusal]]:
    open_ends: list[type[Refusal]] = list(_FAMILIES)
    while open_ends:
        for refusal in open_ends.pop().__subclasses__():
            yield refusal
            open_ends.append(refusal)
