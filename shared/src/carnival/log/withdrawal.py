"""A service whose user the server has withdrawn: its password was changed, or it may come no more.

The client gives such a connection up for good. A new process comes back, with the password that is valid then.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

import structlog
from nats.aio.client import Client
from nats.errors import AuthorizationError

from carnival.concurrency import end_tasks

LOOK_SECONDS: Final = 1.0

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def ending_when_withdrawn(connection: Client) -> AsyncGenerator[None]:
    """While the block runs, a withdrawn user ends the process as a signal to end does: whoever keeps the service
    running starts it again."""
    looking = asyncio.create_task(_look(connection), name="look-for-withdrawal")
    try:
        yield
    finally:
        await end_tasks([looking])


async def _look(connection: Client) -> None:
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        if connection.is_closed and isinstance(connection.last_error, AuthorizationError):
            _log.critical("The bus has withdrawn this service's user; the process ends", action="bus_withdrawn")
            os.kill(os.getpid(), signal.SIGTERM)
            return
