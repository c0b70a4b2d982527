"""Where curation-api listens, how long it waits, what a new run gets."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, FilePath, SecretStr, ValidationInfo, field_validator, model_validator

from carnival.configuration import Variable
from carnival.configuration.service import DatabaseSettings, ImageStoreSettings, ServiceSettings
from curation_api.settings.issuer import IssuerSettings
from curation_api.settings.loopback import is_loopback

SECRET_LENGTH_MIN = 32


class ApiAuth(StrEnum):
    TOKEN = "token"  # noqa: S105 - a mode, no secret
    OFF = "off"


class Settings(ServiceSettings, DatabaseSettings, ImageStoreSettings, IssuerSettings):
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

    @model_validator(mode="after")
    def _certificate_has_its_key(self) -> Self:
        if (self.api_cert_file is None) != (self.api_key_file is None):
            raise ValueError("API_CERT_FILE and API_KEY_FILE go together: one of them is missing")
        return self

    @field_validator("api_auth")
    @classmethod
    def _open_on_loopback_only(cls, given: ApiAuth, known: ValidationInfo) -> ApiAuth:
        host = str(known.data.get("api_host"))
        if given is ApiAuth.OFF and not is_loopback(host):
            raise ValueError(f"without authentication the API listens on a loopback address only, not on {host}")
        return given
