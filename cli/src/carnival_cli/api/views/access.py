"""Tokens and sign-in links in the API's answers."""

from __future__ import annotations

from datetime import datetime

from carnival_cli.api.views.page import View, Written


class Token(View):
    token_id: str
    name: str
    role: str
    state: str
    issued_at: datetime
    issued_by: str | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


class IssuedToken(Written[Token]):
    """The only answer that holds a token itself."""

    token: str | None


class SignInLink(View):
    url: str
    expires_at: datetime


class Me(View):
    """Who the sender of a request is to this hub."""

    name: str
    role: str
    expires_at: datetime | None


class SignInWays(View):
    """`issuer`: the path that leads to the OpenID Connect issuer, None where there is none."""

    issuer: str | None
