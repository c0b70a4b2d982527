"""The settings of curation-api, read once by main."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from carnival.configuration import Variable
from carnival.configuration.service import DatabaseSettings, ImageStoreSettings, ServiceSettings


class Settings(ServiceSettings, DatabaseSettings, ImageStoreSettings):
    """Where it listens, how long it waits, what a new run gets."""

    api_host: Annotated[str, Variable("API_HOST", help="address on which the API listens")] = "127.0.0.1"
    api_port: Annotated[
        int, Variable("API_PORT", help="port on which the API listens; 0: any free one"), Field(ge=0, le=65535)
    ] = 8000
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
