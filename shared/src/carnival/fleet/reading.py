"""Presence and capabilities, read from their buckets once a second at the most."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from time import monotonic
from typing import Final

import nats.errors
import nats.js.errors
import structlog
from nats.aio.client import Client
from nats.js.kv import KeyValue
from pydantic import ValidationError

from carnival.contracts.capabilities import BadCapabilities, Capabilities, capabilities_key
from carnival.contracts.fleet import PresentNode
from carnival.contracts.notices import NodePresence
from carnival.contracts.subjects import CAPABILITIES_BUCKET, PRESENCE_BUCKET
from carnival.log.buckets import keys_in
from carnival.log.errors import LogUnavailable

FRESH_SECONDS: Final = 1.0
READ_SECONDS_MAX: Final = 3.0
NODES_MAX: Final = 1000
KINDS_MAX: Final = 64
"""Different capabilities kept in memory."""

_log = structlog.get_logger(__name__)


class Fleet:
    """The nodes present now: those whose entry the bucket still holds, by whose clock alone they expire. Those of this
    machine and the gateway's may be wrong.
    """

    def __init__(self, connection: Client) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()
        self._known: list[NodePresence] = []
        self._kinds: OrderedDict[str, Capabilities] = OrderedDict()
        self._read_at = -FRESH_SECONDS

    async def nodes(self) -> list[NodePresence]:
        """By gateway and node, 1,000 at the most. Raises LogUnavailable."""
        async with self._turn:
            if monotonic() - self._read_at >= FRESH_SECONDS:
                self._read_at = monotonic()
                try:
                    async with asyncio.timeout(READ_SECONDS_MAX):
                        self._known = await self._read()
                except (TimeoutError, nats.errors.Error, OSError) as error:
                    self.forget()
                    raise LogUnavailable("the presence bucket does not answer") from error
        return sorted(self._known, key=lambda node: node.key)

    def forget(self) -> None:
        """What was read, or is being read now, is out of date: the next question reads anew."""
        self._read_at = -FRESH_SECONDS

    async def present(self) -> list[PresentNode]:
        """`nodes`, each with what it can do. Raises LogUnavailable."""
        nodes = await self.nodes()
        try:
            async with asyncio.timeout(READ_SECONDS_MAX):
                return [
                    PresentNode(node, await self._capabilities(capabilities_key(node.pool, node.capabilities)))
                    for node in nodes
                ]
        except (TimeoutError, nats.errors.Error, OSError) as error:
            raise LogUnavailable("the bucket of capabilities does not answer") from error

    async def abilities(self, pool: str) -> list[Capabilities]:
        """What servers of the pool could do within the last two minutes, whether they are present now or not.

        Raises LogUnavailable.
        """
        try:
            async with asyncio.timeout(READ_SECONDS_MAX):
                keys = [
                    key for key in await keys_in(self._connection, CAPABILITIES_BUCKET) if key.startswith(f"{pool}.")
                ]
                known = [await self._capabilities(key) for key in keys[:KINDS_MAX]]
        except (TimeoutError, nats.errors.Error, OSError) as error:
            raise LogUnavailable("the bucket of capabilities does not answer") from error
        return [capabilities for capabilities in known if capabilities is not None]

    async def _read(self) -> list[NodePresence]:
        bucket = await self._bucket(PRESENCE_BUCKET)
        found: list[NodePresence] = []
        for key in (await keys_in(self._connection, PRESENCE_BUCKET))[:NODES_MAX]:
            try:
                entry = await bucket.get(key)
                found.append(NodePresence.model_validate_json(entry.value or b""))
            except nats.js.errors.KeyNotFoundError:
                continue
            except ValidationError as error:
                _log.warning("A presence entry cannot be read", action="presence_unreadable", key=key, error=str(error))
        return found

    async def _capabilities(self, key: str) -> Capabilities | None:
        """An entry never changes under its digest, so it is read once."""
        if key in self._kinds:
            return self._kinds[key]
        try:
            entry = await (await self._bucket(CAPABILITIES_BUCKET)).get(key)
            self._kinds[key] = Capabilities.unpacked(entry.value or b"")
        except nats.js.errors.KeyNotFoundError:
            return None
        except BadCapabilities as error:
            _log.warning("Capabilities cannot be read", action="capabilities_unreadable", key=key, error=str(error))
            return None
        if len(self._kinds) > KINDS_MAX:
            self._kinds.popitem(last=False)
        return self._kinds.get(key)

    async def _bucket(self, name: str) -> KeyValue:
        return await self._connection.jetstream().key_value(name)
