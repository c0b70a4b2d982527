"""A client for the length of a block."""

from __future__ import annotations

import getpass
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.transport import Transport

NOBODY: Final = "cli"


@asynccontextmanager
async def connected(url: str, actor: str | None = None) -> AsyncGenerator[CarnivalApi]:
    """The API at `url`; commands are recorded as those of `actor`, by default the user of this machine."""
    async with Transport(url, actor or _user()) as transport:
        yield CarnivalApi(transport)


def _user() -> str:
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        return NOBODY
    return name if name.isascii() and name.isprintable() else NOBODY
