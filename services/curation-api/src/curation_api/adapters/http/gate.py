"""The gate before all routes: who sends this, and may that person call this route?"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from curation_api.adapters.http.credentials import Credentials, Grant
from curation_api.adapters.http.problem_kinds import METHOD_NOT_ALLOWED, ROUTE_UNKNOWN
from curation_api.adapters.http.problems import problem, refused
from curation_api.adapters.http.rate_limits import RateLimits, showing
from curation_api.adapters.http.roles import RoleTable
from curation_api.domain.access.principals import Anyone, Guest, Guests, Least, check_role
from curation_api.domain.access.rates import Allowance
from curation_api.domain.access.refusals import CredentialRefused, CrossSite
from curation_api.domain.refusals import Refusal

SAFE_METHODS = frozenset({"GET", "HEAD"})
UNCOUNTED = frozenset({"/health/live", "/health/ready"})
"""Whoever watches over the service must never be told to come back later."""
ATTEMPTS = frozenset({"/sign-in", "/sign-in/issuer", "/sign-in/issuer/answer", "/api/guest-passes"})
"""Routes that anybody may try a secret at."""
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
POLICY_VIOLATION = 1008


class Gate:
    """ASGI middleware. Whoever passes stands in the request's state as `principal`."""

    def __init__(self, app: ASGIApp, *, table: RoleTable, credentials: Credentials, limits: RateLimits) -> None:
        self._app = app
        self._table = table
        self._credentials = credentials
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        if scope["type"] != "http":
            return await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        request = Request(scope)
        methods = self._table.methods(scope["path"])
        if methods is None:
            return await _unknown(request)(scope, receive, send)
        least = methods.get("GET" if scope["method"] == "HEAD" else scope["method"])
        if least is None:
            return await _not_allowed(request, methods)(scope, receive, send)
        try:
            grant, allowance = await self._admitted(request, least)
        except Refusal as refusal:
            return await refused(request, refusal)(scope, receive, send)
        if allowance is not None:
            send = showing(allowance, send)
        try:
            if grant is not None and request.method == "GET":
                send = _while_it_holds(grant, send)
            return await self._app(scope, receive, send)
        except StreamEnded:
            return None

    async def _admitted(self, request: Request, least: Least) -> tuple[Grant | None, Allowance | None]:
        """The grant the request passes with, None where none is asked for, and what else its sender may ask.

        Raises the refusals of access.
        """
        if least is Anyone.ANYONE:
            return None, self._counted_by_address(request)
        headers = request.headers
        if self._credentials.open_house:
            _check_named_locally(headers)
        try:
            grant = await self._credentials.read(headers, of_guest=least is Guests.GUEST)
        except CredentialRefused:
            self._limits.attempt(request)
            raise
        allowance = self._counted(request, grant)
        if grant.by_browser and request.method not in SAFE_METHODS:
            _check_own_page(headers)
        request.state.principal = check_role(grant.principal, least)
        return grant, allowance

    def _counted(self, request: Request, grant: Grant) -> Allowance | None:
        """Where everybody is the one operator, at the machine itself, nobody is told apart and nobody counted."""
        if self._credentials.open_house:
            return None
        if grant.principal is None or isinstance(grant.principal, Guest):
            return self._limits.of_address(request)
        return self._limits.of_member(grant.principal, request)

    def _counted_by_address(self, request: Request) -> Allowance | None:
        path = request.url.path
        if path in UNCOUNTED or self._credentials.open_house:
            return None
        return self._limits.attempt(request) if path in ATTEMPTS else self._limits.of_address(request)


def _check_named_locally(headers: Headers) -> None:
    """Without authentication a page elsewhere could reach us under a name that it made point here (DNS rebinding)."""
    name = urlsplit(f"//{headers.get('host', '')}").hostname
    if name not in LOOPBACK_NAMES:
        raise CrossSite(f"Without authentication this hub answers to localhost only, not to {name!r}")


def _check_own_page(headers: Headers) -> None:
    """A browser sends cookies with whatever a page makes it send, and says which page that was.

    Programs send neither header; they are no danger here, since they know what they send.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise CrossSite(f"The browser calls this request {site}")
        return
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        raise CrossSite(f"The request comes from {origin}")


def _while_it_holds(grant: Grant, send: Send) -> Send:
    """A stream of events that was opened with a token ends when the token does."""
    streams = False

    async def sending(message: Message) -> None:
        nonlocal streams
        if message["type"] == "http.response.start":
            streams = Headers(raw=message["headers"]).get("content-type", "").startswith("text/event-stream")
        elif streams and message.get("more_body"):
            try:
                grant.holds()
            except CredentialRefused as ended:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                raise StreamEnded from ended
        await send(message)

    return sending


class StreamEnded(Exception):
    """The credential behind a stream no longer holds."""


def _unknown(request: Request) -> ASGIApp:
    detail = f"There is nothing at {request.url.path}. (A new route needs a line in adapters/http/roles.py.)"
    return problem(request, ROUTE_UNKNOWN, detail)


def _not_allowed(request: Request, methods: Mapping[str, Least]) -> ASGIApp:
    answer = problem(request, METHOD_NOT_ALLOWED, f"{request.url.path} has no {request.method}")
    answer.headers["Allow"] = ", ".join(sorted(methods))
    return answer
