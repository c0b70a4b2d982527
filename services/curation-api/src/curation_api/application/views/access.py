"""Who may use the hub, as clients see it. No view holds a secret or its hash."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from carnival.contracts.access import Role
from curation_api.application.views.page import View


class MeView(View):
    """Who the sender of a request is to this hub."""

    name: str = Field(description="Who you are: the voter of your votes.")
    role: Role
    expires_at: datetime | None = None


class TokenView(View):
    token_id: str
    name: str = Field(description="Who acts with it: the voter of its votes.")
    role: Role
    issued_at: datetime
    issued_by: str | None
    expires_at: datetime | None
    revoked_at: datetime | None
    state: str = Field(description="active, expired or revoked.", examples=["active"])


class SignInLink(View):
    """Opens the hub in a browser, once."""

    url: str = Field(
        description="Whole address, to be opened in a browser.", examples=["http://127.0.0.1:8000/sign-in?code=x"]
    )
    expires_at: datetime


class SignInWays(View):
    """How a browser can sign in, beside links of `carnival sign-in`."""

    issuer: str | None = Field(
        description="Path that leads to the OpenID Connect issuer; null where none is set.",
        examples=["/sign-in/issuer"],
    )
