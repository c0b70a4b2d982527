"""Delivers the log to webhooks: at least once, each in the order of the log.

Every webhook has a durable consumer that hands out one message at a time, to whichever replica is free, and the next
one only when that is settled. So a receiver that is away holds up its own messages and nobody else's.
"""

from __future__ import annotations

import asyncio
from typing import Final

import nats.errors
import nats.js.errors
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from carnival.concurrency import end_tasks
from carnival.contracts.access import WebhookDeliveryAbandoned
from carnival.contracts.catalogue import API
from carnival.contracts.envelope import Recorded
from carnival.contracts.ids import Position, WebhookId, derived_id
from carnival.contracts.subjects import STREAM
from carnival.log.errors import LogError
from carnival.log.metadata import fresh_metadata
from carnival.log.port import EventLog
from carnival.log.wire import decode
from curation_api.adapters.webhook_sender import SEND_SECONDS, WebhookSender
from curation_api.domain.access.register import Register
from curation_api.domain.access.webhook_register import Webhook
from curation_api.domain.access.webhooks import message_of

ANSWER_SECONDS: Final = 5.0
FETCH_SECONDS: Final = 5.0
LOOK_SECONDS: Final = 0.5
PAUSE_SECONDS: Final = 1.0
ACK_WAIT_SECONDS: Final = SEND_SECONDS + 2 * ANSWER_SECONDS
"""A message that a replica has died over comes again after so long."""
AGAIN_SECONDS: Final = (1.0, 5.0, 30.0, 120.0, 600.0, 1800.0, 3600.0)
"""Pauses after the tries; after the one behind the last pause a message is given up."""

_log = structlog.get_logger(__name__)


class WebhookWorkers:
    """One task for each webhook of the register; they come and go with it."""

    def __init__(
        self,
        connection: Client,
        log: EventLog,
        register: Register,
        sender: WebhookSender,
    ) -> None:
        self._stream = connection.jetstream(timeout=ANSWER_SECONDS)
        self._events = log
        self._register = register
        self._sender = sender
        self._again_seconds = AGAIN_SECONDS
        self._tasks: dict[WebhookId, asyncio.Task[None]] = {}
        self._looking: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._looking = asyncio.create_task(self._look(), name="webhooks")

    async def stop(self) -> None:
        """What is not settled is delivered again, by whoever is there."""
        await end_tasks([task for task in (self._looking, *self._tasks.values()) if task])

    async def _look(self) -> None:
        while True:
            wanted = {hook.webhook_id: hook for hook in self._register.webhooks.values() if hook.deleted_at is None}
            for webhook_id in self._tasks.keys() - wanted.keys():
                await end_tasks([self._tasks.pop(webhook_id)])
                await self._forget(webhook_id)
            for webhook_id in wanted.keys() - self._tasks.keys():
                task = asyncio.create_task(self._deliver(wanted[webhook_id]), name=f"webhook-{webhook_id}")
                self._tasks[webhook_id] = task
            await asyncio.sleep(LOOK_SECONDS)

    async def _forget(self, webhook_id: WebhookId) -> None:
        try:
            await self._stream.delete_consumer(STREAM, consumer_of(webhook_id))
        except nats.js.errors.NotFoundError:
            return
        except (nats.errors.Error, nats.js.errors.Error, OSError) as error:
            _log.warning("A consumer is left over", action="webhook_consumer_left", error=str(error))

    async def _deliver(self, webhook: Webhook) -> None:
        subscription: JetStreamContext.PullSubscription | None = None
        while True:
            try:
                subscription = subscription or await self._subscribed(webhook)
                for message in await subscription.fetch(1, timeout=FETCH_SECONDS):
                    await self._settle(webhook, message)
            except (TimeoutError, nats.errors.TimeoutError):
                continue
            except (nats.errors.Error, nats.js.errors.Error, OSError, LogError) as error:
                _log.warning("The log gives nothing to deliver", action="webhook_interrupted", error=str(error))
                subscription = None
                await asyncio.sleep(PAUSE_SECONDS)

    async def _settle(self, webhook: Webhook, message: Msg) -> None:
        """Acknowledged when the receiver has it, or when the log says that it was given up. Raises LogError."""
        position = Position(message.metadata.sequence.stream)
        entry = decode(message.subject, position, message.headers or {}, message.data)
        if not isinstance(entry, Recorded):
            await message.term()
            return
        tried = await self._sender.send(webhook, message_of(entry))
        tries = message.metadata.num_delivered or 1
        if tried.reason is not None and tries <= len(self._again_seconds):
            await message.nak(delay=self._again_seconds[tries - 1])
            return
        if tried.reason is not None:
            await self._give_up(webhook.webhook_id, position, tried.reason, tries)
        await message.ack_sync(timeout=ANSWER_SECONDS)

    async def _give_up(self, webhook_id: WebhookId, position: Position, reason: str, tries: int) -> None:
        event = WebhookDeliveryAbandoned(webhook_id=webhook_id, position=position, reason=reason, tries=tries)
        event_id = derived_id("webhook-abandoned", webhook_id, position)
        await self._events.append(event, fresh_metadata(source=API, event_id=event_id, actor=API))
        _log.warning("A message is given up", action="webhook_abandoned", webhook_id=webhook_id, position=position)

    async def _subscribed(self, webhook: Webhook) -> JetStreamContext.PullSubscription:
        name = consumer_of(webhook.webhook_id)
        try:
            await self._stream.consumer_info(STREAM, name)
        except nats.js.errors.NotFoundError:
            await self._stream.add_consumer(STREAM, _configuration(name, webhook))
        return await self._stream.pull_subscribe_bind(durable=name, stream=STREAM)


def consumer_of(webhook_id: WebhookId) -> str:
    """The durable consumer that hands out a webhook's messages."""
    return f"webhook-{webhook_id}"


def _configuration(name: str, webhook: Webhook) -> ConsumerConfig:
    """It begins right behind the event that made the webhook, whenever that comes to be known."""
    return ConsumerConfig(
        name=name,
        durable_name=name,
        description=f"Events for {webhook.url}"[:200],
        filter_subjects=list(webhook.subjects),
        deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
        opt_start_seq=webhook.position + 1,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_SECONDS,
        max_deliver=-1,
        max_ack_pending=1,
    )
