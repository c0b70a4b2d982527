"""The settings of curation-api, read once by main."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import Field, FilePath, SecretStr, ValidationInfo, field_validator, model_validator

from carnival.configuration import Variable
from carnival.configuration.service import DatabaseSettings, ImageStoreSettings, ServiceSettings
from carnival.contracts.access import Role

SECRET_LENGTH_MIN = 32
REDIRECT_PATH: Final = "/sign-in/issuer/answer"
JWT_ALGORITHMS: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""Asymmetric ones only: with any other the key that everybody may read could sign."""


class ApiAuth(StrEnum):
    TOKEN = "token"  # noqa: S105 - a mode, no secret
    OFF = "off"


class Settings(ServiceSettings, DatabaseSettings, ImageStoreSettings):
    """Where it listens, how long it waits, what a new run gets."""

    api_host: Annotated[str, Variable("API_HOST", help="address on which the API listens")] = "127.0.0.1"
    api_port: Annotated[
        int, Variable("API_PORT", help="port on which the API listens; 0: any free one"), Field(ge=0, le=65535)
    ] = 8000
    api_cert_file: Annotated[
        FilePath | None, Variable("API_CERT_FILE", help="certificate of the API, with its chain; set: it answers https")
    ] = None
    api_key_file: Annotated[FilePath | None, Variable("API_KEY_FILE", help="key of that certificate")] = None
    api_auth: Annotated[
        ApiAuth, Variable("API_AUTH", help="token, or off: everybody who reaches the API may do all; loopback only")
    ] = ApiAuth.TOKEN
    operator_token: Annotated[
        SecretStr | None,
        Variable("OPERATOR_TOKEN", help="a token that opens everything, at least 32 random characters", secret=True),
        Field(min_length=SECRET_LENGTH_MIN, max_length=200),
    ] = None
    service_key: Annotated[
        SecretStr | None,
        Variable(
            "SERVICE_KEY",
            help="key of sessions, tokens and signatures, the same in every replica, at least 32 random characters",
            secret=True,
        ),
        Field(min_length=SECRET_LENGTH_MIN, max_length=200),
    ] = None
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
    webhooks_to_private_addresses: Annotated[
        bool,
        Variable(
            "WEBHOOKS_TO_PRIVATE_ADDRESSES", help="whether webhooks may lead into private networks and to this machine"
        ),
    ] = False
    rate_per_second: Annotated[
        float,
        Variable("RATE_PER_SECOND", help="requests a second that one token or person may go on sending"),
        Field(ge=0.01, le=1_000_000),
    ] = 2000.0
    rate_burst: Annotated[
        int, Variable("RATE_BURST", help="requests that one token or person may send at once"), Field(ge=1, le=10**9)
    ] = 10_000
    rate_anonymous_per_second: Annotated[
        float,
        Variable("RATE_ANONYMOUS_PER_SECOND", help="the same for one address without a credential"),
        Field(ge=0.01, le=1_000_000),
    ] = 100.0
    rate_anonymous_burst: Annotated[
        int,
        Variable("RATE_ANONYMOUS_BURST", help="the same for one address without a credential"),
        Field(ge=1, le=10**9),
    ] = 2000
    rate_attempts_per_second: Annotated[
        float,
        Variable(
            "RATE_ATTEMPTS_PER_SECOND", help="wrong tokens and sign-ins a second that one address may go on trying"
        ),
        Field(ge=0.01, le=1_000_000),
    ] = 1.0
    rate_attempts_burst: Annotated[
        int,
        Variable("RATE_ATTEMPTS_BURST", help="wrong tokens and sign-ins that one address may try at once"),
        Field(ge=1, le=10**9),
    ] = 600
    n: Annotated[
        int,
        Variable("PIPELINE_N", ("MAX_CHILDREN_PER_NODE",), help="children per candidate (N) of a new run"),
        Field(ge=1, le=10_000),
    ] = 5
    t: Annotated[
        int,
        Variable("PIPELINE_T", ("TARGET_LEAF_NODES",), help="finals to maintain (T) of a new run; 0: no base images"),
        Field(ge=0, le=1_000_000),
    ] = 10
    gpu_hour_cost: Annotated[
        float | None,
        Variable("GPU_HOUR_COST", help="what an hour of one GPU costs, in any currency; unset: figures show no cost"),
        Field(ge=0, le=1e6, allow_inf_nan=False),
    ] = None
    discard_after_days: Annotated[
        float | None,
        Variable("DISCARD_AFTER_DAYS", help="days after which originals of rejected or dead images go; unset: never"),
        Field(gt=0, le=36_500),
    ] = None
    default_top_k: Annotated[
        int, Variable("DEFAULT_TOP_K", help="suggested K of an approval"), Field(ge=1, le=1_000_000)
    ] = 3
    read_wait_seconds: Annotated[
        float,
        Variable("READ_WAIT_SECONDS", help="longest wait of a read for the position it asks for"),
        Field(ge=0, le=60),
    ] = 2.0
    verdict_wait_seconds: Annotated[
        float, Variable("VERDICT_WAIT_SECONDS", help="longest wait of a write for its effect"), Field(ge=0, le=60)
    ] = 2.0
    body_max_bytes: Annotated[
        int, Variable("BODY_MAX_BYTES", help="largest request body"), Field(ge=1024, le=1024**3)
    ] = 10 * 1024 * 1024
    change_streams_max: Annotated[
        int, Variable("CHANGE_STREAMS_MAX", help="streams of changes served at once"), Field(ge=1, le=100_000)
    ] = 5000

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer_is_an_address(cls, given: str | None, known: ValidationInfo) -> str | None:
        if given is None:
            return None
        address = urlsplit(given)
        if address.scheme != "https" and not (address.scheme == "http" and _is_loopback(address.hostname or "")):
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

    @model_validator(mode="after")
    def _certificate_has_its_key(self) -> Self:
        if (self.api_cert_file is None) != (self.api_key_file is None):
            raise ValueError("API_CERT_FILE and API_KEY_FILE go together: one of them is missing")
        return self

    @field_validator("api_auth")
    @classmethod
    def _open_on_loopback_only(cls, given: ApiAuth, known: ValidationInfo) -> ApiAuth:
        host = str(known.data.get("api_host"))
        if given is ApiAuth.OFF and not _is_loopback(host):
            raise ValueError(f"without authentication the API listens on a loopback address only, not on {host}")
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


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
