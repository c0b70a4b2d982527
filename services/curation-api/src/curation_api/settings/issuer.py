"""Settings of the OpenID Connect issuer whose people and services the hub lets in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, ValidationInfo, field_validator

from carnival.configuration import Variable
from carnival.contracts.access import Role
from curation_api.settings.loopback import is_loopback

REDIRECT_PATH: Final = "/sign-in/issuer/answer"
JWT_ALGORITHMS: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""Asymmetric ones only: with any other the key that everybody may read could sign."""


class IssuerSettings(BaseModel):
    """Which issuer, whom its tokens name, and this hub as its client."""

    oidc_audience: Annotated[
        str | None, Variable("OIDC_AUDIENCE", help="whom the issuer's tokens are for: the name of this hub there")
    ] = None
    oidc_issuer: Annotated[
        str | None,
        Variable("OIDC_ISSUER", help="OpenID Connect issuer whose JWTs open the hub, an https address; unset: none"),
    ] = None
    oidc_client_id: Annotated[
        str | None,
        Variable(
            "OIDC_CLIENT_ID", help="how the issuer knows this hub, so that browsers sign in there; unset: by links"
        ),
    ] = None
    oidc_client_secret: Annotated[
        SecretStr | None,
        Variable("OIDC_CLIENT_SECRET", help="this hub's secret at the issuer; unset: a public client", secret=True),
    ] = None
    oidc_redirect_url: Annotated[
        str | None,
        Variable(
            "OIDC_REDIRECT_URL",
            help="address ending in /sign-in/issuer/answer to which browsers come back; unset: as they name the hub",
        ),
    ] = None
    oidc_session_hours: Annotated[
        float,
        Variable("OIDC_SESSION_HOURS", help="how long a browser stays signed in by the issuer"),
        Field(gt=0, le=720),
    ] = 12.0
    oidc_name_claim: Annotated[
        str, Variable("OIDC_NAME_CLAIM", help="claim with the sender's name; people must not be able to choose it")
    ] = "sub"
    oidc_roles_claim: Annotated[
        str, Variable("OIDC_ROLES_CLAIM", help="claim with the sender's roles; may be a path as in realm_access.roles")
    ] = "roles"
    oidc_roles: Annotated[
        str, Variable("OIDC_ROLES", help="which of the issuer's roles is which of ours, as name=role, comma-separated")
    ] = "viewer=viewer,voter=voter,curator=curator,operator=operator"
    oidc_algorithms: Annotated[
        str, Variable("OIDC_ALGORITHMS", help="how tokens may be signed, comma-separated; asymmetric algorithms only")
    ] = "RS256,ES256,EdDSA"
    oidc_leeway_seconds: Annotated[
        float, Variable("OIDC_LEEWAY_SECONDS", help="by how much clocks may differ"), Field(ge=0, le=600)
    ] = 30.0

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer_is_an_address(cls, given: str | None, known: ValidationInfo) -> str | None:
        if given is None:
            return None
        address = urlsplit(given)
        if address.scheme != "https" and not (address.scheme == "http" and is_loopback(address.hostname or "")):
            raise ValueError(f"an issuer has an https address, unlike {given!r}")
        if known.data.get("oidc_audience") is None:
            raise ValueError("an issuer needs OIDC_AUDIENCE as well: else tokens for others would open the hub")
        return given

    @field_validator("oidc_client_id")
    @classmethod
    def _client_of_an_issuer(cls, given: str | None, known: ValidationInfo) -> str | None:
        if given is not None and known.data.get("oidc_issuer") is None:
            raise ValueError("a client needs OIDC_ISSUER as well")
        return given

    @field_validator("oidc_client_secret", "oidc_redirect_url")
    @classmethod
    def _of_a_client(cls, given: str | SecretStr | None, known: ValidationInfo) -> str | SecretStr | None:
        if given is not None and known.data.get("oidc_client_id") is None:
            raise ValueError("this is for a client: set OIDC_CLIENT_ID as well")
        if isinstance(given, str) and not given.endswith(REDIRECT_PATH):
            raise ValueError(f"browsers come back to an address that ends in {REDIRECT_PATH}, unlike {given!r}")
        return given

    @field_validator("oidc_roles")
    @classmethod
    def _roles_are_known(cls, given: str) -> str:
        roles_of(given)
        return given

    @field_validator("oidc_algorithms")
    @classmethod
    def _algorithms_are_asymmetric(cls, given: str) -> str:
        wrong = set(listed(given)) - JWT_ALGORITHMS
        if wrong or not listed(given):
            raise ValueError(f"{', '.join(sorted(wrong)) or 'nothing'} is none of {', '.join(sorted(JWT_ALGORITHMS))}")
        return given


def listed(text: str) -> list[str]:
    """What stands between the commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def roles_of(text: str) -> Mapping[str, Role]:
    """The pairs of OIDC_ROLES. Raises ValueError."""
    pairs = [pair.rpartition("=") for pair in listed(text)]
    if wrong := [name or role for name, _, role in pairs if not name or role not in set(Role)]:
        raise ValueError(f"{wrong[0]!r} is not written as name=role with one of {', '.join(Role)}")
    return {name: Role(role) for name, _, role in pairs}
