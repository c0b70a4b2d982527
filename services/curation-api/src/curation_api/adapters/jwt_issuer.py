"""Tokens of an OpenID Connect issuer: verified with the keys it publishes, which are fetched, kept and renewed."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import jwt
import structlog
from jwt.exceptions import InvalidKeyError, PyJWKError

from carnival.concurrency import end_tasks
from curation_api.domain.access.claims import ClaimRules, member_of_claims
from curation_api.domain.access.principals import Member
from curation_api.domain.access.refusals import CredentialRefused, IssuerUnreachable

FETCH_SECONDS: Final = 5.0
"""For discovery and keys together."""
DOCUMENT_BYTES_MAX: Final = 1024 * 1024
KEYS_MAX: Final = 100
RENEWED_SECONDS: Final = 300.0
"""Keys older than this are fetched anew, so that a withdrawn one opens nothing for long."""
KEPT_SECONDS_MAX: Final = 86_400.0
"""Keys that cannot be renewed are trusted for so long."""
PAUSE_SECONDS: Final = 5.0
"""After a fetch that did not help, however many tokens name unknown keys."""
REQUIRED: Final = ("exp", "iss", "aud", "sub")
KEY_TYPES: Final = frozenset({"RSA", "EC", "OKP"})

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerRules:
    """Who issues tokens for whom. `algorithms` are asymmetric ones, so that no published key can sign."""

    issuer: str
    audience: str
    algorithms: Sequence[str]
    leeway_seconds: float
    claims: ClaimRules


class NoKeySet(Exception):
    """What an issuer answers is no discovery document of it, or no key set."""


class JwtIssuer:
    """Nothing is fetched before the first token comes: an issuer that is away keeps no hub from starting."""

    def __init__(
        self, rules: IssuerRules, *, clock: Callable[[], float] = time.monotonic, pause_seconds: float = PAUSE_SECONDS
    ) -> None:
        self._rules = rules
        self._clock = clock
        self._pause_seconds = pause_seconds
        self._http = httpx.AsyncClient(timeout=FETCH_SECONDS, follow_redirects=False)
        self._keys: list[Mapping[str, Any]] = []
        self._discovery: Mapping[str, Any] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._in_vain = False
        self._fetching = asyncio.Lock()
        self._renewal: asyncio.Task[None] | None = None

    async def close(self) -> None:
        if self._renewal:
            await end_tasks([self._renewal])
        await self._http.aclose()

    @property
    def name(self) -> str:
        return self._rules.issuer

    async def discovered(self) -> Mapping[str, Any]:
        """The issuer's discovery document, five minutes old at the most while it can be renewed. Raises
        IssuerUnreachable."""
        if self._is_stale():
            await self._renew()
        if not self._discovery or self._is_lost():
            raise IssuerUnreachable("The issuer does not say where people sign in")
        return self._discovery

    async def member(self, token: str) -> Member:
        """Whom a token for this hub is about. Raises CredentialRefused, IssuerUnreachable."""
        return member_of_claims(await self.claims(token, self._rules.audience), self._rules.claims)

    async def claims(self, token: str, audience: str) -> dict[str, Any]:
        """What a token for `audience` says, verified. Raises CredentialRefused, IssuerUnreachable."""
        try:
            header = jwt.get_unverified_header(token)
        except jwt.InvalidTokenError as error:
            raise CredentialRefused("The token cannot be read") from error
        algorithm = header.get("alg")
        if not isinstance(algorithm, str) or algorithm not in self._rules.algorithms:
            raise CredentialRefused(f"Tokens are signed with {', '.join(self._rules.algorithms)} here")
        keys = await self._keys_for(header.get("kid"))
        return self._verified(token, audience, algorithm, keys)

    def _verified(self, token: str, audience: str, algorithm: str, keys: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        rules, reason = self._rules, "no key of the issuer fits"
        for key in keys:
            try:
                return jwt.decode(
                    token,
                    jwt.PyJWK(dict(key), algorithm),
                    algorithms=[algorithm],
                    audience=audience,
                    issuer=rules.issuer,
                    leeway=rules.leeway_seconds,
                    options={"require": list(REQUIRED)},
                )
            except (InvalidKeyError, PyJWKError, jwt.InvalidSignatureError):
                continue
            except jwt.InvalidTokenError as error:
                reason = str(error)
                break
        raise CredentialRefused(f"The token does not hold: {reason}")

    async def _keys_for(self, kid: object) -> list[Mapping[str, Any]]:
        """The keys that a token may be signed with. Raises IssuerUnreachable if there are none to ask."""
        if not self._named(kid):
            await self._renew()
            self._in_vain = self._in_vain or not self._named(kid)
        elif self._is_stale() and not self._fetching.locked():
            self._renewal = asyncio.create_task(self._renew(), name="renew-issuer-keys")
        if self._is_lost():
            raise IssuerUnreachable("The issuer of this token gives no keys; whether the token holds is unknown")
        return self._named(kid)

    def _named(self, kid: object) -> list[Mapping[str, Any]]:
        return [key for key in self._keys if kid is None or key.get("kid") == kid]

    def _is_stale(self) -> bool:
        return self._fetched_at is None or self._clock() - self._fetched_at > RENEWED_SECONDS

    def _is_lost(self) -> bool:
        return self._fetched_at is None or self._clock() - self._fetched_at > KEPT_SECONDS_MAX

    async def _renew(self) -> None:
        """Fetch the keys, unless somebody has done so since this was wanted, or has just tried in vain. What was known
        stays when that fails."""
        wanted_at = self._clock()
        async with self._fetching:
            pause = self._pause_seconds if self._in_vain else 0.0
            if self._tried_at is not None and wanted_at - self._tried_at < pause:
                return
            try:
                async with asyncio.timeout(FETCH_SECONDS):
                    self._discovery, self._keys = await self._published()
                self._fetched_at = self._clock()
                self._in_vain = False
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError, NoKeySet) as error:
                self._in_vain = True
                _log.warning(
                    "The issuer gives no keys",
                    action="issuer_keys_missing",
                    issuer=self._rules.issuer,
                    error=str(error),
                )
            self._tried_at = self._clock()

    async def _published(self) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
        """Raises NoKeySet, ValueError for what is no discovery document or key set of this issuer."""
        issuer = self._rules.issuer
        found = await self._document(issuer.rstrip("/") + "/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            raise NoKeySet(f"the discovery document is that of {found.get('issuer')!r}")
        address = found.get("jwks_uri")
        if not isinstance(address, str) or urlsplit(address).scheme not in {"https", urlsplit(issuer).scheme}:
            raise NoKeySet("jwks_uri is no https address")
        keys = (await self._document(address)).get("keys")
        if not isinstance(keys, list):
            raise NoKeySet("the key set holds no keys")
        return found, [key for key in keys[:KEYS_MAX] if _signs(key)]

    async def _document(self, address: str) -> dict[str, Any]:
        async with self._http.stream("GET", address, headers={"Accept": "application/json"}) as answer:
            if answer.status_code != HTTPStatus.OK:
                raise NoKeySet(f"{address} answers {answer.status_code}")
            body = bytearray()
            async for piece in answer.aiter_bytes():
                body += piece
                if len(body) > DOCUMENT_BYTES_MAX:
                    raise NoKeySet(f"{address} answers more than {DOCUMENT_BYTES_MAX} bytes")
        found = json.loads(body)
        if not isinstance(found, dict):
            raise NoKeySet(f"{address} is no JSON object")
        return found


def _signs(key: object) -> bool:
    return isinstance(key, dict) and key.get("kty") in KEY_TYPES and key.get("use") in {None, "sig"}
