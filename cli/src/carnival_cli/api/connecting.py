"""Where the API is, what opens it, and a client for the length of a block."""

from __future__ import annotations

import getpass
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.transport import Transport

NOBODY: Final = "cli"


@dataclass(frozen=True, slots=True)
class Address:
    """An API and the token that opens it. `actor`: in whose name; None is the token's own. `certificate`: the file of
    the one it bears, for whatever name; None is any that is valid for the address."""

    url: str
    token: str | None = None
    actor: str | None = None
    certificate: Path | None = None


@asynccontextmanager
async def connected(address: Address) -> AsyncGenerator[CarnivalApi]:
    """The API at `address`."""
    async with Transport(
        address.url, token=address.token, actor=address.actor, certificate=address.certificate
    ) as transport:
        yield CarnivalApi(transport)


def user_of_this_machine() -> str:
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        return NOBODY
    return name if name.isascii() and name.isprintable() else NOBODY
