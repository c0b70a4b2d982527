"""Settings that every service has."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, FilePath, SecretStr, model_validator

from carnival.configuration.reading import Variable


class BusSettings(BaseModel):
    """Where the bus is, as whom to go there, and whom to trust."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nats_url: Annotated[
        str, Variable("NATS_URL", help="NATS servers, comma-separated; tls:// demands an encrypted line")
    ] = "nats://localhost:4222"
    nats_user: Annotated[
        str | None, Variable("NATS_USER", help="this service's user on the bus, as deploy/nats/users.conf names it")
    ] = None
    nats_password: Annotated[SecretStr | None, Variable("NATS_PASSWORD", help="password of that user", secret=True)] = (
        None
    )
    nats_ca_file: Annotated[
        FilePath | None,
        Variable("NATS_CA_FILE", help="certificates that NATS servers are trusted by; set: the line is encrypted"),
    ] = None
    nats_cert_file: Annotated[
        FilePath | None, Variable("NATS_CERT_FILE", help="this service's own certificate, where NATS asks for one")
    ] = None
    nats_key_file: Annotated[FilePath | None, Variable("NATS_KEY_FILE", help="key of that certificate")] = None

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        if (self.nats_user is None) != (self.nats_password is None):
            raise ValueError("NATS_USER and NATS_PASSWORD go together: one of them is missing")
        if (self.nats_cert_file is None) != (self.nats_key_file is None):
            raise ValueError("NATS_CERT_FILE and NATS_KEY_FILE go together: one of them is missing")
        return self


class ServiceSettings(BusSettings):
    """The bus, how to log, where health answers."""

    log_level: Annotated[
        str,
        Variable("LOG_LEVEL", help="debug, info, warning or error"),
        Field(pattern="(?i)^(debug|info|warning|error)$"),
    ] = "info"
    otel_endpoint: Annotated[
        str | None, Variable("OTEL_EXPORTER_OTLP_ENDPOINT", help="base URL of an OTLP collector; unset: no export")
    ] = None
    health_host: Annotated[str, Variable("HEALTH_HOST", help="address on which health and metrics answer")] = (
        "127.0.0.1"
    )
    health_port: Annotated[
        int,
        Variable("HEALTH_PORT", help="port on which health and metrics answer; 0: any free one"),
        Field(ge=0, le=65535),
    ] = 0


class DatabaseSettings(BaseModel):
    """Where the read model is."""

    database_url: Annotated[str, Variable("DATABASE_URL", help="Postgres with the read model")] = (
        "postgresql://localhost/carnival"
    )


class ImageStoreSettings(BaseModel):
    """Where the image store is: a folder, or an address that also names a bucket."""

    image_root: Annotated[str, Variable("IMAGE_ROOT", help="folder that holds all images"), Field(min_length=1)] = (
        "images"
    )
    image_store: Annotated[
        str | None,
        Variable("IMAGE_STORE", help="file:///folder or s3://bucket/prefix, instead of IMAGE_ROOT"),
        Field(pattern=r"^(file:///.|s3://[a-z0-9][a-z0-9.-]{1,62}(/.*)?$)"),
    ] = None
    s3_endpoint: Annotated[
        str | None,
        Variable("AWS_ENDPOINT_URL_S3", ("AWS_ENDPOINT_URL",), help="address of an S3-compatible server; unset: AWS"),
        Field(pattern=r"^https?://."),
    ] = None
    s3_ca_file: Annotated[
        FilePath | None,
        Variable("AWS_CA_BUNDLE", help="certificates that its https:// address is trusted by, beside the system's"),
    ] = None
    s3_region: Annotated[str | None, Variable("AWS_REGION", ("AWS_DEFAULT_REGION",), help="region of the bucket")] = (
        None
    )
    s3_access_key_id: Annotated[
        str | None, Variable("AWS_ACCESS_KEY_ID", help="key of the bucket; unset: found as AWS clients do")
    ] = None
    s3_secret_access_key: Annotated[SecretStr | None, Variable("AWS_SECRET_ACCESS_KEY", help="secret of that key")] = (
        None
    )
    s3_session_token: Annotated[SecretStr | None, Variable("AWS_SESSION_TOKEN", help="token of a temporary key")] = None

    @property
    def image_address(self) -> str:
        """Where images lie, for people to read: the address, or the folder."""
        return self.image_store or self.image_root
