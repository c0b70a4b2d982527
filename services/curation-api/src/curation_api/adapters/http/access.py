"""Routes about who may use the hub: tokens, and signing a browser in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from starlette.responses import RedirectResponse

from carnival.contracts.access import Role
from carnival.contracts.ids import TokenId
from carnival.log.stream import SIGN_IN_TTL_SECONDS
from curation_api.adapters.http.credentials import COOKIE
from curation_api.adapters.http.instants import Instant
from curation_api.adapters.http.parameters import FromWhere, IdPath, Sender
from curation_api.adapters.http.parts import Access, Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.request_body import RequestBody
from curation_api.adapters.http.texts import Name
from curation_api.adapters.http.written import Written, written
from curation_api.application.views.access import MeView, SignInLink, TokenView
from curation_api.domain.access.refusals import SignInNeedsToken, TokenUnknown
from curation_api.domain.access.register import Token
from curation_api.domain.access.sessions import SESSION_DAYS, Session, seal
from curation_api.domain.access.tokens import IssueToken
from curation_api.domain.refusals import BadText, ExpiryPast


class TokenBody(RequestBody):
    name: Name = Field(description="Who acts with it: the voter of its votes.")
    role: Role
    expires_at: Instant | None = Field(default=None, description="Null: until it is revoked.")

    def command(self) -> IssueToken:
        return IssueToken(name=self.name, role=self.role, expires_at=self.expires_at)


class TokenIssuedView(Written[TokenView]):
    """The answer to a token's issue: the only one that ever holds the token itself."""

    token: str | None = Field(
        description="The token. Null if it was issued before under another service key.", examples=["tc_x"]
    )


def access_routes(parts: Parts) -> APIRouter:
    router = APIRouter(tags=["access"])
    _add_tokens(router, parts.access)
    _add_sign_in(router, parts.access)
    return router


def _add_tokens(router: APIRouter, access: Access) -> None:
    async def view(token_id: TokenId) -> TokenView | None:
        token = access.register.tokens.get(token_id)
        return _token_view(token, access.clock()) if token else None

    @router.get("/api/me", summary="Who you are to this hub", responses=problem_responses())
    async def show_me(sender: Sender) -> MeView:
        """The name and role of the token or session the request was sent with."""
        return MeView(name=sender.name, role=sender.role, expires_at=sender.expires_at)

    @router.get("/api/tokens", summary="All tokens there have been, newest first", responses=problem_responses())
    async def list_tokens() -> list[TokenView]:
        """Also those that are revoked or expired. No answer ever holds a token itself or its hash."""
        now = access.clock()
        tokens = sorted(access.register.tokens.values(), key=lambda token: token.issued_at, reverse=True)
        return [_token_view(token, now) for token in tokens]

    @router.post(
        "/api/tokens", summary="Issue a bearer token", status_code=201, responses=problem_responses(BadText, ExpiryPast)
    )
    async def issue_token(body: TokenBody, origin: FromWhere, response: Response) -> TokenIssuedView:
        """The answer is the only one that holds the token; the log keeps its SHA-256."""
        issued = await access.issue_token(body.command(), origin)
        token_id = issued.receipt.event.token_id if issued.receipt.event else TokenId("")
        answer = await written(response, issued.receipt, token_id, lambda: view(token_id), created=True)
        response.headers["Cache-Control"] = "no-store"
        return TokenIssuedView(**dict(answer), token=issued.secret)

    @router.delete("/api/tokens/{token_id}", summary="Revoke a token", responses=problem_responses(TokenUnknown))
    async def revoke_token(token_id: IdPath, origin: FromWhere, response: Response) -> Written[TokenView]:
        """Within a second it opens nothing any more, on any replica, nor does a session it signed in."""
        receipt = await access.revoke_token(TokenId(token_id), origin)
        return await written(response, receipt, token_id, lambda: view(TokenId(token_id)))

    _ = (show_me, list_tokens, issue_token, revoke_token)


def _add_sign_in(router: APIRouter, access: Access) -> None:
    @router.post(
        "/api/sign-in-links",
        summary="A link that signs a browser in, once, as the sender of this request",
        status_code=201,
        responses=problem_responses(SignInNeedsToken),
    )
    async def make_sign_in_link(request: Request, response: Response, sender: Sender) -> SignInLink:
        """Open it in a browser within ten minutes. It works once."""
        if sender.token_id is None:
            raise SignInNeedsToken("A link stands for a token; this request was sent without one")
        code = await access.sign_in_codes.issue(sender.token_id)
        response.headers["Cache-Control"] = "no-store"
        url = request.url_for("sign_in").include_query_params(code=code)
        return SignInLink(url=str(url), expires_at=access.clock() + timedelta(seconds=SIGN_IN_TTL_SECONDS))

    @router.get("/sign-in", include_in_schema=False)
    async def sign_in(request: Request, code: Annotated[str, Query(max_length=200)]) -> Response:
        """Leads to the overview either way; that page says how to go on when the code opened nothing."""
        token_id = await access.sign_in_codes.redeem(code)
        if token_id is None:
            return leads_to("/?sign-in=used")
        now = access.clock()
        member = access.register.token(token_id).member(now)
        longest = now + timedelta(days=SESSION_DAYS)
        session = Session(token_id=token_id, expires_at=min(longest, member.expires_at or longest))
        answer = leads_to("/")
        set_session(answer, request, seal(session, access.key), session.expires_at)
        return answer

    @router.post("/sign-out", include_in_schema=False)
    async def sign_out() -> Response:
        answer = leads_to("/")
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer

    _ = (make_sign_in_link, sign_in, sign_out)


def set_session(answer: Response, request: Request, sealed: str, expires_at: datetime) -> None:
    """The cookie that signs a browser in. No other site's page makes the browser send it."""
    answer.set_cookie(
        COOKIE,
        sealed,
        expires=expires_at,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def leads_to(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303, headers={"Cache-Control": "no-store"})


def _token_view(token: Token, now: datetime) -> TokenView:
    return TokenView(
        token_id=token.token_id,
        name=token.name,
        role=token.role,
        issued_at=token.issued_at,
        issued_by=token.issued_by,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
        state=token.state(now),
    )
