"""Who is there to render: presence entries, read from their bucket once a second at the most."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from time import monotonic

import nats.errors
import nats.js.errors
import structlog
from nats.aio.client import Client
from pydantic import ValidationError

from carnival.contracts.notices import NodePresence
from carnival.contracts.subjects import PRESENCE_BUCKET
from carnival.log.errors import LogUnavailable

FRESH_SECONDS = 1.0
READ_SECONDS_MAX = 3.0
NODES_MAX = 1000

_log = structlog.get_logger(__name__)


class Fleet:
    """The nodes present now. `clock` gives the time in UTC; entries it has overtaken do not count."""

    def __init__(self, connection: Client, clock: Callable[[], datetime]) -> None:
        self._connection = connection
        self._clock = clock
        self._turn = asyncio.Lock()
        self._known: list[NodePresence] = []
        self._read_at = -FRESH_SECONDS

    async def nodes(self) -> list[NodePresence]:
        """By gateway and node, 1,000 at the most. Raises LogUnavailable."""
        async with self._turn:
            if monotonic() - self._read_at >= FRESH_SECONDS:
                try:
                    async with asyncio.timeout(READ_SECONDS_MAX):
                        self._known = await self._read()
                except (TimeoutError, nats.errors.Error, OSError) as error:
                    raise LogUnavailable("the presence bucket does not answer") from error
                self._read_at = monotonic()
        now = self._clock()
        return sorted((node for node in self._known if node.expires_at > now), key=lambda node: node.key)

    async def _read(self) -> list[NodePresence]:
        bucket = await self._connection.jetstream().key_value(PRESENCE_BUCKET)
        try:
            keys = await bucket.keys()
        except nats.js.errors.NoKeysError:
            return []
        found: list[NodePresence] = []
        for key in keys[:NODES_MAX]:
            try:
                entry = await bucket.get(key)
                found.append(NodePresence.model_validate_json(entry.value or b""))
            except nats.js.errors.KeyNotFoundError:
                continue
            except ValidationError as error:
                _log.warning("A presence entry cannot be read", action="presence_unreadable", key=key, error=str(error))
        return found
