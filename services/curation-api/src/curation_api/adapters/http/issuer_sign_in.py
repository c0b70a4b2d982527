"""Routes that sign a browser in at the OpenID Connect issuer."""

from __future__ import annotations

from typing import Annotated

import structlog
from fastapi import APIRouter, Cookie, Query, Request, Response

from curation_api.adapters.http.access import leads_to, set_session
from curation_api.adapters.http.parts import Access, Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.oidc_client import OidcClient
from curation_api.application.views.access import SignInWays
from curation_api.domain.access.issuer_sign_in import ATTEMPT, ATTEMPT_SECONDS, SESSION, Attempt, attempt_in
from curation_api.domain.access.refusals import CredentialRefused, IssuerSignInOff
from curation_api.domain.access.sessions import seal

ATTEMPT_COOKIE = "carnival_sign_in"
BEGINNING = "/sign-in/issuer"
REFUSED = "/?sign-in=refused"

_log = structlog.get_logger(__name__)


def issuer_sign_in_routes(parts: Parts) -> APIRouter:
    router = APIRouter(tags=["access"])
    access = parts.access

    @router.get("/api/sign-in-ways", summary="How a browser can sign in", responses=problem_responses())
    async def show_sign_in_ways() -> SignInWays:
        """Links of `carnival sign-in` always work; an OpenID Connect issuer where one is set."""
        return SignInWays(issuer=BEGINNING if access.issuer_client else None)

    @router.get(BEGINNING, include_in_schema=False)
    async def begin_sign_in(request: Request) -> Response:
        """Raises IssuerSignInOff, IssuerUnreachable."""
        attempt = Attempt.begun(access.clock())
        answer = leads_to(await _client(access).address(attempt, _back_to(request)))
        answer.set_cookie(
            ATTEMPT_COOKIE,
            seal(attempt, access.key, ATTEMPT),
            max_age=ATTEMPT_SECONDS,
            path=BEGINNING,
            httponly=True,
            samesite="lax",  # it comes back with a page that another site leads to
            secure=request.url.scheme == "https",
        )
        return answer

    @router.get(f"{BEGINNING}/answer", include_in_schema=False)
    async def end_sign_in(
        request: Request,
        state: Annotated[str, Query(max_length=200)] = "",
        code: Annotated[str | None, Query(max_length=4000)] = None,
        cookie: Annotated[str | None, Cookie(alias=ATTEMPT_COOKIE)] = None,
    ) -> Response:
        """Leads to the overview either way; that page says when it came to nothing. Raises IssuerSignInOff,
        IssuerUnreachable."""
        client = _client(access)
        try:
            attempt = attempt_in(cookie, state, access.key, access.clock())
            if code is None:
                raise CredentialRefused("The issuer answers without a code")
            session = await client.session(code, attempt, _back_to(request))
        except CredentialRefused as refusal:
            _log.info("A sign-in came to nothing", action="sign_in_refused", reason=refusal.message)
            answer = leads_to(REFUSED)
        else:
            answer = leads_to("/")
            set_session(answer, request, seal(session, access.key, SESSION), session.expires_at)
        answer.delete_cookie(ATTEMPT_COOKIE, path=BEGINNING, httponly=True, samesite="lax")
        return answer

    _ = (show_sign_in_ways, begin_sign_in, end_sign_in)
    return router


def _client(access: Access) -> OidcClient:
    if access.issuer_client is None:
        raise IssuerSignInOff("OIDC_CLIENT_ID is not set: this hub is no client of an issuer")
    return access.issuer_client


def _back_to(request: Request) -> str:
    return str(request.url_for("end_sign_in"))
