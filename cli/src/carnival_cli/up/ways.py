"""As whom each service goes to the bus and to the database.

On servers of our own everybody has just its own rights. What the environment names is used as it says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from carnival.configuration.reading import variables_of
from carnival.configuration.service import BusSettings
from carnival.contracts.bus_rights import OPERATOR
from carnival.contracts.catalogue import PROJECTOR
from carnival.contracts.pipeline import DEFAULT_POOL
from carnival.log.permissions import users_block
from carnival_cli.servers.nats import NatsServer
from carnival_cli.servers.postgres import READER, PostgresServer
from carnival_cli.up.credentials import LocalCredentials

BUS_VARIABLES: Final = tuple(variable.name for variable in variables_of(BusSettings).values())


def users_of_bus(given: Mapping[str, str], credentials: LocalCredentials) -> str:
    """The `authorization` block of our own NATS server."""
    return users_block(lambda user: json.dumps(credentials.bus_password(user)), [given.get("POOL", DEFAULT_POOL)])


def way_of_operator(nats: NatsServer, credentials: LocalCredentials) -> str:
    """The address of our own NATS server for whoever may do everything, with the password in it."""
    return nats.url.replace("://", f"://{OPERATOR}:{credentials.bus_password(OPERATOR)}@")


def way_to_bus(
    service: str, nats: NatsServer, given: Mapping[str, str], credentials: LocalCredentials
) -> dict[str, str]:
    """Variables for one service."""
    if "NATS_URL" in given:
        return {name: given[name] for name in BUS_VARIABLES if name in given}
    ours = {"NATS_URL": nats.url, "NATS_USER": service, "NATS_PASSWORD": credentials.bus_password(service)}
    return dict.fromkeys(BUS_VARIABLES, "") | ours


def way_to_database(service: str, postgres: PostgresServer, given: Mapping[str, str]) -> dict[str, str]:
    """Variables for one service: the projector writes, the others read."""
    if "DATABASE_URL" in given:
        return {"DATABASE_URL": given["DATABASE_URL"]}
    if service == PROJECTOR:
        return {"DATABASE_URL": postgres.url, "PROJECTOR_READ_ROLE": READER}
    return {"DATABASE_URL": postgres.reader_url}
