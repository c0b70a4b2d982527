"""This hub as a client of an OpenID Connect issuer: leads a browser there, and asks what its answer stands for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import httpx

from curation_api.adapters.jwt_issuer import DOCUMENT_BYTES_MAX, FETCH_SECONDS, JwtIssuer
from curation_api.application.ports import Clock
from curation_api.domain.access.claims import ClaimRules, member_of_claims
from curation_api.domain.access.issuer_sign_in import Attempt, IssuerSession, check_id_token
from curation_api.domain.access.refusals import CredentialRefused, IssuerUnreachable

SCOPES: Final = "openid profile"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRules:
    """How the issuer knows this hub. `redirect_url`: where it sends browsers back to; None: as the request names it."""

    client_id: str
    client_secret: str | None
    redirect_url: str | None
    session_hours: float
    claims: ClaimRules


class OidcClient:
    def __init__(self, issuer: JwtIssuer, rules: ClientRules, clock: Clock) -> None:
        self._issuer = issuer
        self._rules = rules
        self._clock = clock
        self._http = httpx.AsyncClient(timeout=FETCH_SECONDS, follow_redirects=False)

    async def close(self) -> None:
        await self._http.aclose()

    async def address(self, attempt: Attempt, back_to: str) -> str:
        """Where the browser goes. Raises IssuerUnreachable."""
        asked = {
            "response_type": "code",
            "client_id": self._rules.client_id,
            "redirect_uri": self._rules.redirect_url or back_to,
            "scope": SCOPES,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        place = urlsplit(await self._endpoint("authorization_endpoint"))
        query = "&".join(part for part in (place.query, urlencode(asked)) if part)
        return urlunsplit(place._replace(query=query, fragment=""))

    async def session(self, code: str, attempt: Attempt, back_to: str) -> IssuerSession:
        """Whom a code stands for. Raises CredentialRefused, IssuerUnreachable."""
        token = (await self._exchanged(code, attempt, back_to)).get("id_token")
        if not isinstance(token, str):
            raise CredentialRefused("The issuer's answer holds no ID token")
        claims = await self._issuer.claims(token, self._rules.client_id)
        check_id_token(claims, attempt, self._rules.client_id)
        member = member_of_claims(claims, self._rules.claims)
        ends = self._clock() + timedelta(hours=self._rules.session_hours)
        return IssuerSession(name=member.name, role=member.role, expires_at=ends)

    async def _exchanged(self, code: str, attempt: Attempt, back_to: str) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._rules.redirect_url or back_to,
            "client_id": self._rules.client_id,
            "code_verifier": attempt.verifier,
        }
        place, request = await self._endpoint("token_endpoint"), dict[str, Any](data=form)
        if secret := self._rules.client_secret:
            # RFC 6749, 2.3.1: both are form-encoded before they become a user and a password.
            request["auth"] = (quote(self._rules.client_id, safe=""), quote(secret, safe=""))
        try:
            async with asyncio.timeout(FETCH_SECONDS), self._http.stream("POST", place, **request) as answer:
                found = json.loads(await _body(answer))
        except (httpx.HTTPError, TimeoutError) as error:
            raise IssuerUnreachable("The issuer does not say what the code stands for") from error
        except ValueError as error:
            raise CredentialRefused("The issuer's answer cannot be read") from error
        if not isinstance(found, dict) or answer.is_error:
            raise CredentialRefused(f"The issuer refuses the code with status {answer.status_code}")
        return found

    async def _endpoint(self, name: str) -> str:
        found = (await self._issuer.discovered()).get(name)
        schemes = {"https", urlsplit(self._issuer.name).scheme}
        if not isinstance(found, str) or urlsplit(found).scheme not in schemes:
            raise IssuerUnreachable(f"The issuer names no {name} with an https address")
        return found


async def _body(answer: httpx.Response) -> bytes:
    body = bytearray()
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > DOCUMENT_BYTES_MAX:
            raise CredentialRefused("The issuer's answer is too long")
    return bytes(body)
