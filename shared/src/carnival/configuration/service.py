"""Settings that every service has."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from carnival.configuration.reading import Variable


class ServiceSettings(BaseModel):
    """Where the bus is, how to log, where health answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nats_url: Annotated[str, Variable("NATS_URL", help="NATS servers, comma-separated")] = "nats://localhost:4222"
    log_level: Annotated[
        str,
        Variable("LOG_LEVEL", help="debug, info, warning or error"),
        Field(pattern="(?i)^(debug|info|warning|error)$"),
    ] = "info"
    otel_endpoint: Annotated[
        str | None, Variable("OTEL_EXPORTER_OTLP_ENDPOINT", help="base URL of an OTLP collector; unset: no export")
    ] = None
    health_host: Annotated[str, Variable("HEALTH_HOST", help="address on which health answers")] = "127.0.0.1"
    health_port: Annotated[
        int, Variable("HEALTH_PORT", help="port on which health answers; 0: any free one"), Field(ge=0, le=65535)
    ] = 0


class DatabaseSettings(BaseModel):
    """Where the read model is."""

    database_url: Annotated[str, Variable("DATABASE_URL", help="Postgres with the read model")] = (
        "postgresql://localhost/carnival"
    )


class ImageStoreSettings(BaseModel):
    """Where the image store is."""

    image_root: Annotated[str, Variable("IMAGE_ROOT", help="folder that holds all images"), Field(min_length=1)] = (
        "images"
    )
