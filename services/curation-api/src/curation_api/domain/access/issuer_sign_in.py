"""Signing a browser in at an OpenID Connect issuer: authorization code with PKCE (RFC 7636), state and nonce."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict

from carnival.contracts.access import Role
from curation_api.domain.access.principals import Member
from curation_api.domain.access.refusals import CredentialRefused
from curation_api.domain.access.service_key import ServiceKey
from curation_api.domain.access.sessions import unsealed

ATTEMPT_SECONDS: Final = 600
ATTEMPT: Final = "sign-in"
SESSION: Final = "issuer-session"


class Attempt(BaseModel):
    """What the browser keeps, sealed, while its person is at the issuer: what comes back must fit to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: str
    nonce: str
    verifier: str
    expires_at: AwareDatetime

    @classmethod
    def begun(cls, now: datetime) -> Self:
        return cls(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            expires_at=now + timedelta(seconds=ATTEMPT_SECONDS),
        )

    @property
    def challenge(self) -> str:
        """S256 of the verifier."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


class IssuerSession(BaseModel):
    """Whom the issuer said a browser belongs to, and until when this hub believes it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    role: Role
    expires_at: AwareDatetime

    def member(self) -> Member:
        return Member(name=self.name, role=self.role, expires_at=self.expires_at)


def attempt_in(cookie: str | None, state: str, key: ServiceKey, now: datetime) -> Attempt:
    """The attempt that an answer with this state belongs to. Raises CredentialRefused."""
    attempt = unsealed(Attempt, cookie or "", key, ATTEMPT)
    if attempt.expires_at <= now:
        raise CredentialRefused("Signing in took too long; begin again")
    if not hmac.compare_digest(attempt.state.encode(), state.encode()):
        raise CredentialRefused("The answer belongs to another attempt to sign in")
    return attempt


def check_id_token(claims: Mapping[str, object], attempt: Attempt, client_id: str) -> None:
    """That an ID token, whose signature, issuer and audience hold, was made for this attempt and this client.

    Raises CredentialRefused. OpenID Connect Core, 3.1.3.7: nonce; and azp where several are meant.
    """
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), attempt.nonce.encode()):
        raise CredentialRefused("The issuer's answer was made for another attempt to sign in")
    audience = claims.get("aud")
    several = isinstance(audience, list) and len(audience) > 1
    if claims.get("azp", None if several else client_id) != client_id:
        raise CredentialRefused("The issuer's answer was made for another client")


def opened_session(cookie: str, key: ServiceKey, now: datetime) -> Member:
    """Whom a browser's cookie is about. Raises CredentialRefused for one that is not ours, or over."""
    session = unsealed(IssuerSession, cookie, key, SESSION)
    if session.expires_at <= now:
        raise CredentialRefused("The session is over; sign in again")
    return session.member()
