"""Webhooks made, deleted, tried out, and messages sent again that were given up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from carnival.contracts.access import WebhookCreated, WebhookDeleted, WebhookRedelivered
from carnival.contracts.envelope import Recorded
from carnival.contracts.ids import Position, WebhookId, fresh_id
from carnival.log.port import EventLog
from curation_api.application.known import known
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Clock, Registered
from curation_api.domain.access.refusals import DeadLetterUnknown, ServiceKeyMissing, WebhookFailed, WebhookUnknown
from curation_api.domain.access.register import Register
from curation_api.domain.access.service_key import ServiceKey
from curation_api.domain.access.webhook_register import Webhook
from curation_api.domain.access.webhooks import (
    CreateWebhook,
    Message,
    create_webhook,
    deletion,
    message_of,
    secret_of,
    try_out,
)
from curation_api.domain.idempotency import Origin

EFFECT_SECONDS_MAX = 2.0


class Try(Protocol):
    @property
    def reason(self) -> str | None: ...


class Sender(Protocol):
    async def send(self, webhook: Webhook, message: Message) -> Try:
        """One try. Never raises because of what the receiver does."""
        ...


@dataclass(frozen=True, slots=True)
class Created:
    """`secret` is what the receiver checks signatures with."""

    receipt: Receipt[WebhookCreated]
    secret: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookHandler:
    ledger: Ledger
    log: EventLog
    registered: Registered
    register: Register
    sender: Sender
    key: ServiceKey
    clock: Clock

    async def create(self, command: CreateWebhook, origin: Origin) -> Created:
        """Raises ServiceKeyMissing, BadText, WebhooksFull and what `Ledger.once` raises."""

        async def decide() -> Proposal[WebhookCreated]:
            if not self.key.durable:
                raise ServiceKeyMissing("Without SERVICE_KEY signatures would change whenever the service starts")
            known = sum(hook.deleted_at is None for hook in self.register.webhooks.values())
            return Proposal(create_webhook(command, origin.event_id, known))

        receipt = await self.ledger.once(origin, WebhookCreated, decide)
        await self.registered(receipt.position, EFFECT_SECONDS_MAX)
        return Created(receipt, secret_of(self.key, receipt.event.webhook_id) if receipt.event else None)

    async def delete(self, webhook_id: WebhookId, origin: Origin) -> Receipt[WebhookDeleted]:
        """Raises WebhookUnknown and what `Ledger.once` raises."""

        async def decide() -> Proposal[WebhookDeleted] | None:
            event = deletion(webhook_id, deleted=self._known(webhook_id).deleted_at is not None)
            return Proposal(event) if event else None

        receipt = await self.ledger.once(origin, WebhookDeleted, decide)
        if receipt.event is not None:
            await self.registered(receipt.position, EFFECT_SECONDS_MAX)
        return receipt

    async def try_out(self, webhook_id: WebhookId) -> str | None:
        """Send a message about nothing, once; why it failed, or None. Raises WebhookUnknown."""
        tried = await self.sender.send(self._in_force(webhook_id), try_out(fresh_id(), self.clock()))
        return tried.reason

    async def redeliver(self, webhook_id: WebhookId, position: Position, origin: Origin) -> Receipt[WebhookRedelivered]:
        """Send what was given up once more, now; an event if the receiver takes it.

        Raises WebhookUnknown, DeadLetterUnknown, WebhookFailed and what `Ledger.once` raises.
        """

        async def decide() -> Proposal[WebhookRedelivered]:
            webhook = self._in_force(webhook_id)
            entry = await self.log.at(position) if position in webhook.dead_letters else None
            if not isinstance(entry, Recorded):
                raise DeadLetterUnknown(f"No message about position {position} was given up")
            tried = await self.sender.send(webhook, message_of(entry))
            if tried.reason is not None:
                raise WebhookFailed(f"It failed again: {tried.reason}")
            return Proposal(WebhookRedelivered(webhook_id=webhook_id, position=position))

        receipt = await self.ledger.once(origin, WebhookRedelivered, decide)
        await self.registered(receipt.position, EFFECT_SECONDS_MAX)
        return receipt

    def _known(self, webhook_id: WebhookId) -> Webhook:
        return known(self.register.webhooks.get(webhook_id), WebhookUnknown, f"webhook {webhook_id}")

    def _in_force(self, webhook_id: WebhookId) -> Webhook:
        webhook = self._known(webhook_id)
        if webhook.deleted_at is not None:
            raise WebhookUnknown(f"The webhook {webhook_id} was deleted")
        return webhook
