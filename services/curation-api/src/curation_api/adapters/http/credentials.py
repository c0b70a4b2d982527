"""What a request carries to say who sends it: a bearer token, or a cookie of a browser that signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers

from curation_api.adapters.jwt_issuer import JwtIssuer
from curation_api.application.ports import Clock
from curation_api.domain.access.guests import PASS_PREFIX, opened_pass
from curation_api.domain.access.issuer_sign_in import opened_session
from curation_api.domain.access.principals import LOCAL_OPERATOR, Member, Principal
from curation_api.domain.access.refusals import CredentialRefused
from curation_api.domain.access.register import Register, Token
from curation_api.domain.access.service_key import ServiceKey
from curation_api.domain.access.sessions import opened

COOKIE = "carnival_session"
GUEST_COOKIE = "carnival_guest"
SCHEME = "bearer"
JWT_DOTS = 2


@dataclass(frozen=True, slots=True)
class Grant:
    """Who sends a request, None for nobody known. `holds` raises CredentialRefused once that is no longer true.

    `by_browser`: it was sent without anybody having to know a secret, so it must be shown to come from our own page.
    """

    principal: Principal | None
    holds: Callable[[], object]
    by_browser: bool


class Credentials:
    """Reads them. `open_house` is API_AUTH=off: everybody is the local operator. JWTs of `issuer` open the hub too."""

    def __init__(
        self, register: Register, key: ServiceKey, clock: Clock, *, open_house: bool, issuer: JwtIssuer | None = None
    ) -> None:
        self._register = register
        self._key = key
        self._clock = clock
        self._issuer = issuer
        self.open_house = open_house

    async def read(self, headers: Headers, *, of_guest: bool = False) -> Grant:
        """Who sends it; `of_guest` where only a guest may. Raises CredentialRefused for a bearer token that opens
        nothing, and IssuerUnreachable. A stale cookie counts as none."""
        if self.open_house and not of_guest:
            return Grant(LOCAL_OPERATOR, lambda: None, by_browser=True)
        if given := headers.get("authorization"):
            return await self._bearer(given)
        cookie = _cookie(headers, GUEST_COOKIE if of_guest else COOKIE)
        if cookie is None:
            return Grant(None, lambda: None, by_browser=False)
        try:
            return self._of_guest(cookie, by_browser=True) if of_guest else self._session(cookie)
        except CredentialRefused:
            return Grant(None, lambda: None, by_browser=True)

    async def _bearer(self, given: str) -> Grant:
        scheme, _, secret = given.partition(" ")
        secret = secret.strip()
        if scheme.lower() != SCHEME or not secret:
            raise CredentialRefused("The Authorization header must be `Bearer` and a token")
        if secret.startswith(PASS_PREFIX):
            return self._of_guest(secret, by_browser=False)
        try:
            return self._of(self._register.token_of(secret), by_browser=False)
        except CredentialRefused:
            if self._issuer is None or secret.count(".") != JWT_DOTS:
                raise
        return self._of_issuer(await self._issuer.member(secret), by_browser=False)

    def _of_issuer(self, member: Member, *, by_browser: bool) -> Grant:
        def holds() -> Member:
            if member.expires_at is not None and member.expires_at <= self._clock():
                raise CredentialRefused("The token or session has expired")
            return member

        return Grant(member, holds, by_browser)

    def _session(self, cookie: str) -> Grant:
        """Of a browser that was signed in by a link, else of one that was at the issuer."""
        try:
            session = opened(cookie, self._key, self._clock())
        except CredentialRefused:
            return self._of_issuer(opened_session(cookie, self._key, self._clock()), by_browser=True)
        return self._of(self._register.token(session.token_id), by_browser=True)

    def _of_guest(self, sealed: str, *, by_browser: bool) -> Grant:
        known = opened_pass(sealed, self._key)

        def holds() -> Principal:
            return self._register.link(known.link_id).guest(known.name, self._clock())

        return Grant(holds(), holds, by_browser)

    def _of(self, token: Token, *, by_browser: bool) -> Grant:
        def holds() -> Principal:
            return self._register.token(token.token_id).member(self._clock())

        return Grant(holds(), holds, by_browser)


def _cookie(headers: Headers, name: str) -> str | None:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return None
    return found.value if found else None
