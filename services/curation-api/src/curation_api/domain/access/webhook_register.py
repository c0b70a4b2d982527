"""Webhooks and what could not be delivered to them, as the log has it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from carnival.contracts.access import WebhookCreated, WebhookDeleted, WebhookDeliveryAbandoned, WebhookRedelivered
from carnival.contracts.envelope import Event, Metadata
from carnival.contracts.ids import Position, RunId, WebhookId
from curation_api.domain.access.webhooks import subjects_sent

DEAD_LETTERS_MAX: Final = 1000
"""Of one webhook; the oldest is forgotten first, the log keeps them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A message that was given up."""

    reason: str
    tries: int
    given_up_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A webhook as the log has it, made at `position`. `subjects` are what it is sent."""

    webhook_id: WebhookId
    url: str
    types: tuple[str, ...]
    run_ids: tuple[RunId, ...]
    subjects: tuple[str, ...]
    position: Position
    created_at: datetime
    created_by: str | None
    deleted_at: datetime | None = None
    dead_letters: OrderedDict[Position, DeadLetter] = field(default_factory=OrderedDict[Position, DeadLetter])


def apply(webhooks: dict[WebhookId, Webhook], event: Event, meta: Metadata, position: Position) -> None:
    """Change `webhooks` by one event; others are no business of theirs."""
    match event:
        case WebhookCreated():
            webhooks.setdefault(event.webhook_id, _created(event, meta, position))
        case WebhookDeleted() | WebhookDeliveryAbandoned() | WebhookRedelivered():
            webhook = webhooks.get(event.webhook_id)
            if webhook is not None:
                _change(webhooks, webhook, event, meta.time)
        case _:
            pass


def _created(event: WebhookCreated, meta: Metadata, position: Position) -> Webhook:
    return Webhook(
        webhook_id=event.webhook_id,
        url=event.url,
        types=event.types,
        run_ids=event.run_ids,
        subjects=tuple(subjects_sent(event)),
        position=position,
        created_at=meta.time,
        created_by=meta.actor,
    )


def _change(
    webhooks: dict[WebhookId, Webhook],
    webhook: Webhook,
    event: WebhookDeleted | WebhookDeliveryAbandoned | WebhookRedelivered,
    at: datetime,
) -> None:
    match event:
        case WebhookDeleted():
            if webhook.deleted_at is None:
                webhooks[webhook.webhook_id] = replace(webhook, deleted_at=at)
        case WebhookDeliveryAbandoned():
            letter = DeadLetter(reason=event.reason, tries=event.tries, given_up_at=at)
            webhook.dead_letters[event.position] = letter
            if len(webhook.dead_letters) > DEAD_LETTERS_MAX:
                webhook.dead_letters.popitem(last=False)
        case WebhookRedelivered():
            webhook.dead_letters.pop(event.position, None)
