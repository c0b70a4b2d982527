"""The projector's settings."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from carnival.configuration import Variable
from carnival.configuration.service import DatabaseSettings, ServiceSettings


class Settings(ServiceSettings, DatabaseSettings):
    """What the projector reads from the environment."""

    batch_max: Annotated[
        int, Variable("PROJECTOR_BATCH_MAX", help="events folded and written in one transaction at most"), Field(ge=1)
    ] = 500
    parked_in_a_row_max: Annotated[
        int,
        Variable("PROJECTOR_PARKED_IN_A_ROW_MAX", help="unusable events in a row after which the projector stops"),
        Field(ge=0, le=1000),
    ] = 20
    runs_max: Annotated[
        int, Variable("PROJECTOR_RUNS_MAX", help="runs kept in memory between batches"), Field(ge=1)
    ] = 2_000
    rows_max: Annotated[
        int,
        Variable("PROJECTOR_ROWS_MAX", help="candidates and jobs kept in memory between batches, about 1 kB each"),
        Field(ge=1),
    ] = 400_000
    rebuild_processes: Annotated[
        int | None,
        Variable(
            "PROJECTOR_REBUILD_PROCESSES",
            help="processes that share the work of a rebuild; unset: one a core, 4 at most, fewer for a short log",
        ),
        Field(ge=1, le=32),
    ] = None
    lag_max: Annotated[
        int, Variable("PROJECTOR_LAG_MAX", help="events behind the log at which health reports not ready"), Field(ge=0)
    ] = 5_000
    log_replicas: Annotated[
        int,
        Variable("LOG_REPLICAS", help="copies of the log that `migrate` sees to: 1, or 3 on a cluster of NATS servers"),
        Field(ge=1, le=5),
    ] = 1
    read_role: Annotated[
        str | None, Variable("PROJECTOR_READ_ROLE", help="database role that may read the read model; unset: none")
    ] = None
