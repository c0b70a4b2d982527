"""What a request carries to say who sends it: a bearer token, or the cookie of a browser that signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers

from curation_api.application.ports import Clock
from curation_api.domain.access.principals import LOCAL_OPERATOR, Member
from curation_api.domain.access.refusals import CredentialRefused
from curation_api.domain.access.register import Register, Token
from curation_api.domain.access.service_key import ServiceKey
from curation_api.domain.access.sessions import opened

COOKIE = "carnival_session"
SCHEME = "bearer"


@dataclass(frozen=True, slots=True)
class Grant:
    """Who sends a request, None for nobody known. `holds` raises CredentialRefused once that is no longer true.

    `by_browser`: it was sent without anybody having to know a secret, so it must be shown to come from our own page.
    """

    member: Member | None
    holds: Callable[[], object]
    by_browser: bool


class Credentials:
    """Reads them. `open_house` is API_AUTH=off: everybody is the local operator."""

    def __init__(self, register: Register, key: ServiceKey, clock: Clock, *, open_house: bool) -> None:
        self._register = register
        self._key = key
        self._clock = clock
        self.open_house = open_house

    def read(self, headers: Headers) -> Grant:
        """Raises CredentialRefused for a bearer token that opens nothing. A stale cookie counts as none."""
        if self.open_house:
            return Grant(LOCAL_OPERATOR, lambda: None, by_browser=True)
        if given := headers.get("authorization"):
            return self._bearer(given)
        cookie = _cookie(headers)
        if cookie is None:
            return Grant(None, lambda: None, by_browser=False)
        try:
            return self._session(cookie)
        except CredentialRefused:
            return Grant(None, lambda: None, by_browser=True)

    def _bearer(self, given: str) -> Grant:
        scheme, _, secret = given.partition(" ")
        if scheme.lower() != SCHEME or not secret.strip():
            raise CredentialRefused("The Authorization header must be `Bearer` and a token")
        return self._of(self._register.token_of(secret.strip()), by_browser=False)

    def _session(self, cookie: str) -> Grant:
        session = opened(cookie, self._key, self._clock())
        return self._of(self._register.token(session.token_id), by_browser=True)

    def _of(self, token: Token, *, by_browser: bool) -> Grant:
        def holds() -> Member:
            return self._register.token(token.token_id).member(self._clock())

        return Grant(holds(), holds, by_browser)


def _cookie(headers: Headers) -> str | None:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return found.value if found else None
