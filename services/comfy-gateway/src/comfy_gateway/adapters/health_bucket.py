"""What is held against servers, in a bucket with expiry."""

from __future__ import annotations

import nats.errors
import structlog
from nats.aio.client import Client
from nats.js.errors import Error as JetStreamError
from nats.js.errors import KeyNotFoundError
from nats.js.kv import KeyValue
from pydantic import TypeAdapter, ValidationError

from carnival.contracts.subjects import HEALTH_BUCKET
from comfy_gateway.domain.health import Health

_HEALTH = TypeAdapter(Health)
_LOST = (nats.errors.Error, JetStreamError, OSError, TimeoutError)

_log = structlog.get_logger(__name__)


class NatsHealthMemory:
    """Implements `HealthMemory` for the servers of one gateway."""

    def __init__(self, connection: Client, gateway: str) -> None:
        self._connection = connection
        self._gateway = gateway

    async def recall(self, node: str) -> Health:
        try:
            entry = await (await self._bucket()).get(f"{self._gateway}.{node}")
            return _HEALTH.validate_json(entry.value or b"")
        except KeyNotFoundError:
            return Health()
        except (*_LOST, ValidationError) as error:
            _log.warning("The health of a node is not known", action="health_unknown", node=node, error=str(error))
            return Health()

    async def keep(self, node: str, health: Health) -> None:
        try:
            await (await self._bucket()).put(f"{self._gateway}.{node}", _HEALTH.dump_json(health))
        except _LOST as error:
            _log.warning("The health of a node is not kept", action="health_lost", node=node, error=str(error))

    async def _bucket(self) -> KeyValue:
        return await self._connection.jetstream().key_value(HEALTH_BUCKET)
