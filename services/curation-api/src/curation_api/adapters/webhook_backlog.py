"""What the bus still has for each webhook."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

import nats.errors
import structlog
from nats.aio.client import Client

from carnival.contracts.ids import WebhookId
from carnival.contracts.subjects import STREAM
from curation_api.adapters.webhook_workers import consumer_of

ANSWER_SECONDS: Final = 2.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Backlog:
    """`waiting` messages that the receiver has not taken; `retrying` if the first of them failed before."""

    waiting: int
    retrying: bool


class WebhookBacklog:
    def __init__(self, connection: Client) -> None:
        self._stream = connection.jetstream(timeout=ANSWER_SECONDS)

    async def of(self, webhook_id: WebhookId) -> Backlog | None:
        """None if the bus does not tell, as in the moment before the first message is asked for."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                consumer = await self._stream.consumer_info(STREAM, consumer_of(webhook_id))
        except (TimeoutError, nats.errors.Error, OSError) as error:
            _log.info("A backlog is not known", action="webhook_backlog_unknown", error=str(error))
            return None
        waiting = (consumer.num_pending or 0) + (consumer.num_ack_pending or 0)
        return Backlog(waiting, retrying=bool(consumer.num_redelivered))
