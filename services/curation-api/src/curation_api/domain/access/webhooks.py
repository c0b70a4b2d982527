"""Webhooks: events of the log sent to somebody's address, signed as Standard Webhooks are.

The secret is derived from the service's key and the webhook's id. So the log holds none, and every replica knows it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from carnival.contracts import access, command, subjects
from carnival.contracts.catalogue import CATALOGUE
from carnival.contracts.envelope import Event, Recorded
from carnival.contracts.ids import EventId, RunId, WebhookId, derived_id
from curation_api.domain.access.refusals import WebhooksFull
from curation_api.domain.access.service_key import ServiceKey
from curation_api.domain.refusals import BadText

WEBHOOKS_MAX: Final = 50
SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - a prefix, no secret
SECRET_BYTES: Final = 24
TEST_TYPE: Final = "WebhookTest"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateWebhook:
    """`types` and `run_ids` limit what is sent; empty: everything but what is about access."""

    url: str
    types: Sequence[str]
    run_ids: Sequence[RunId]


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: the same id and body at every try."""

    message_id: str
    body: bytes


def create_webhook(wanted: CreateWebhook, event_id: EventId, known: int) -> access.WebhookCreated:
    """`known` webhooks are there. Raises BadText for an address or a type that cannot be, and WebhooksFull."""
    if known >= WEBHOOKS_MAX:
        raise WebhooksFull(f"There are {known} webhooks; delete one first")
    _check_address(wanted.url)
    if unknown := [name for name in wanted.types if name not in sendable_types()]:
        raise BadText(f"{unknown[0]!r} is no type of event that is sent", types=sorted(sendable_types()))
    return access.WebhookCreated(
        webhook_id=WebhookId(derived_id("webhook", event_id)),
        url=wanted.url,
        types=tuple(dict.fromkeys(wanted.types)),
        run_ids=tuple(dict.fromkeys(wanted.run_ids)),
    )


def deletion(webhook_id: WebhookId, *, deleted: bool) -> access.WebhookDeleted | None:
    """None if it was deleted before."""
    return None if deleted else access.WebhookDeleted(webhook_id=webhook_id)


def sendable_types() -> frozenset[str]:
    """Types of events about runs, pipelines, ratings and the fleet."""
    kept_back = {access.__name__, command.__name__}
    return frozenset(name for name, kind in CATALOGUE.items() if kind.__module__ not in kept_back)


def subjects_sent(webhook: access.WebhookCreated) -> list[str]:
    """What of the log the webhook is about; no two overlap."""
    runs: Sequence[RunId | None] = webhook.run_ids or (None,)
    if webhook.types:
        return [place for run in runs for name in webhook.types for place in subjects.every_place(CATALOGUE[name], run)]
    if webhook.run_ids:
        return [subjects.all_of_run(run) for run in webhook.run_ids]
    return [f"{subjects.ROOT}.{category}.>" for category in ("fleet", "pipeline", "rating", "run")]


def secret_of(key: ServiceKey, webhook_id: WebhookId) -> str:
    return SECRET_PREFIX + base64.b64encode(_secret(key, webhook_id)).decode()


def message_of(entry: Recorded[Event]) -> Message:
    """An event as it is sent. Its id is that of the event, so that a receiver knows it when it comes again."""
    event = entry.event
    said = {
        "type": event.wire_name,
        "timestamp": entry.meta.time.isoformat(),
        "data": {"position": entry.position, "actor": entry.meta.actor, "event": event.model_dump(mode="json")},
    }
    return Message(entry.meta.event_id, json.dumps(said, ensure_ascii=False).encode())


def try_out(fresh: str, now: datetime) -> Message:
    """A message about nothing; `fresh` is a new identity."""
    said = {"type": TEST_TYPE, "timestamp": now.isoformat(), "data": {}}
    return Message(fresh, json.dumps(said).encode())


def signed_headers(message: Message, key: ServiceKey, webhook_id: WebhookId, now: datetime) -> dict[str, str]:
    """Standard Webhooks: HMAC-SHA256 over id, time and body. The time is that of the try."""
    timestamp = str(int(now.timestamp()))
    words = b".".join((message.message_id.encode(), timestamp.encode(), message.body))
    digest = hmac.new(_secret(key, webhook_id), words, hashlib.sha256).digest()
    return {
        "content-type": "application/json",
        "webhook-id": message.message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def _secret(key: ServiceKey, webhook_id: WebhookId) -> bytes:
    return key.derive("webhook", webhook_id)[:SECRET_BYTES]


def _check_address(url: str) -> None:
    try:
        address = urlsplit(url)
        port = address.port
    except ValueError as error:
        raise BadText(f"The address cannot be read: {error}") from error
    if address.scheme not in {"http", "https"} or not address.hostname or port == 0:
        raise BadText("A webhook's address begins with https:// (or http://) and names a host")
    if address.username is not None or address.password is not None or address.fragment:
        raise BadText("A webhook's address holds no user, password or fragment; requests are signed instead")
