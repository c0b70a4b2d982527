"""HTTP towards the API: bounded retries, one key a command, refusals as exceptions."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, cast
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from carnival_cli.api.errors import ApiRefused, ApiUnreachable

REQUEST_SECONDS: Final = 30.0
PIECE_SECONDS: Final = 120.0
TRIES: Final = 4
FIRST_PAUSE_SECONDS: Final = 0.3
TRY_LATER: Final = 503
LOOPBACK_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Transport:
    """One API at one address. Use as an async context manager.

    `token` opens it; `actor`, if given, is recorded with every command instead of the token's name. `certificate`, if
    given, is the file of the one that the hub bears, for whatever name.
    """

    def __init__(
        self, url: str, *, token: str | None = None, actor: str | None = None, certificate: Path | None = None
    ) -> None:
        self.url = url
        self._http = httpx.AsyncClient(
            base_url=url,
            timeout=REQUEST_SECONDS,
            headers=_identity(token, actor),
            trust_env=urlsplit(url).hostname not in LOOPBACK_HOSTS,
            verify=True if certificate is None else _that_alone(certificate),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def get(self, path: str, **query: Any) -> Any:
        """Raises ApiRefused, ApiUnreachable."""
        return await self._send("GET", path, query, None, {})

    async def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """A command, sent again with the same key when the answer got lost. Raises ApiRefused, ApiUnreachable."""
        return await self._send("POST", path, {}, body or {}, {"Idempotency-Key": uuid4().hex})

    async def put(self, path: str, body: dict[str, Any]) -> Any:
        """A command, sent as `post` sends one. Raises ApiRefused, ApiUnreachable."""
        return await self._send("PUT", path, {}, body, {"Idempotency-Key": uuid4().hex})

    async def patch(self, path: str, body: dict[str, Any]) -> Any:
        """A command, sent as `post` sends one. Raises ApiRefused, ApiUnreachable."""
        return await self._send("PATCH", path, {}, body, {"Idempotency-Key": uuid4().hex})

    async def delete(self, path: str, **query: Any) -> Any:
        """A command, sent as `post` sends one. Raises ApiRefused, ApiUnreachable."""
        return await self._send("DELETE", path, query, None, {"Idempotency-Key": uuid4().hex})

    @asynccontextmanager
    async def lines(self, path: str, **query: Any) -> AsyncGenerator[AsyncGenerator[str]]:
        """The lines of an endless answer. Raises ApiRefused, ApiUnreachable, also from within."""
        async with self._streamed(path, query, httpx.Timeout(REQUEST_SECONDS, read=None)) as answer:
            yield cast("AsyncGenerator[str]", answer.aiter_lines())

    @asynccontextmanager
    async def pieces(self, path: str, **query: Any) -> AsyncGenerator[AsyncGenerator[bytes]]:
        """The bytes of a long answer as they come. An answer that breaks off raises ApiUnreachable; and ApiRefused."""
        async with self._streamed(path, query, httpx.Timeout(REQUEST_SECONDS, read=PIECE_SECONDS)) as answer:
            yield cast("AsyncGenerator[bytes]", answer.aiter_bytes())

    @asynccontextmanager
    async def pieces_of_form(self, path: str, **fields: str) -> AsyncGenerator[AsyncGenerator[bytes]]:
        """As `pieces`; what is asked for stands in a form, for which an address has no room."""
        async with self._streamed(path, {}, httpx.Timeout(REQUEST_SECONDS, read=PIECE_SECONDS), fields) as answer:
            yield cast("AsyncGenerator[bytes]", answer.aiter_bytes())

    @asynccontextmanager
    async def _streamed(
        self, path: str, query: dict[str, Any], patience: httpx.Timeout, form: dict[str, str] | None = None
    ) -> AsyncGenerator[httpx.Response]:
        method = "GET" if form is None else "POST"
        try:
            async with self._http.stream(method, path, params=_given(query), data=form, timeout=patience) as answer:
                if answer.is_error:
                    await answer.aread()
                    raise _refusal(answer, self.url)
                yield answer
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise ApiUnreachable(self.url, _words(error)) from error

    async def _send(
        self, method: str, path: str, query: dict[str, Any], body: dict[str, Any] | None, headers: dict[str, str]
    ) -> Any:
        pause = FIRST_PAUSE_SECONDS
        for left in reversed(range(TRIES)):
            try:
                answer = await self._http.request(method, path, params=_given(query), json=body, headers=headers)
            except (httpx.TransportError, httpx.InvalidURL) as error:
                if left == 0 or isinstance(error, (httpx.ConnectError, httpx.UnsupportedProtocol, httpx.InvalidURL)):
                    raise ApiUnreachable(self.url, _words(error)) from error
            else:
                if answer.status_code != TRY_LATER or left == 0:
                    return _content(answer, self.url)
            await asyncio.sleep(pause)
            pause *= 2
        raise ApiUnreachable(self.url, "no answer")


def _that_alone(certificate: Path) -> ssl.SSLContext:
    """Trusts what is in the file, be it signed by whomever."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(certificate)
    return context


def _identity(token: str | None, actor: str | None) -> dict[str, str]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return headers | ({"Carnival-Actor": actor} if actor else {})


def _given(query: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in query.items() if value is not None}


def _content(answer: httpx.Response, url: str) -> Any:
    if answer.is_error:
        raise _refusal(answer, url)
    try:
        return answer.json()
    except ValueError as error:
        raise ApiUnreachable(url, "the answer is no JSON") from error


def _refusal(answer: httpx.Response, url: str) -> ApiRefused | ApiUnreachable:
    """A problem document is the API's own no; anything else that fails is not the API."""
    try:
        problem = answer.json()
    except ValueError:
        problem = None
    if not isinstance(problem, dict) or "status" not in problem:
        return ApiUnreachable(url, f"something else answers there, with status {answer.status_code}")
    return ApiRefused(answer.status_code, cast("dict[str, Any]", problem))


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
