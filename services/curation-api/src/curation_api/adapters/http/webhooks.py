"""Routes about webhooks: where events are sent to, and what could not be delivered."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import Field

from carnival.contracts.ids import Position, RunId, WebhookId
from curation_api.adapters.http.parameters import POSITION_MAX, FromWhere, Identity, IdPath
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.plain_digits import PLAIN_DIGITS
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.request_body import RequestBody
from curation_api.adapters.http.written import Written, written
from curation_api.application.known import known
from curation_api.application.views.page import View
from curation_api.domain.access.refusals import (
    DeadLetterUnknown,
    ServiceKeyMissing,
    WebhookFailed,
    WebhooksFull,
    WebhookUnknown,
)
from curation_api.domain.access.webhook_register import Webhook
from curation_api.domain.access.webhooks import CreateWebhook, sendable_types
from curation_api.domain.refusals import BadText

FILTERS_MAX = 20
EXAMPLE_URL = "https://hooks.example.org/carnival"


class WebhookBody(RequestBody):
    url: str = Field(max_length=1000, description="Where events are sent, by POST.", examples=[EXAMPLE_URL])
    types: list[Annotated[str, Field(max_length=100)]] = Field(
        default=[],
        max_length=FILTERS_MAX,
        description=f"Only events of these types; empty: all of them, which are {', '.join(sorted(sendable_types()))}.",
        examples=[["VoteCast"]],
    )
    run_ids: list[Identity] = Field(default=[], max_length=FILTERS_MAX, description="Only of these runs; empty: all.")

    def command(self) -> CreateWebhook:
        return CreateWebhook(url=self.url, types=self.types, run_ids=[RunId(run_id) for run_id in self.run_ids])


class WebhookView(View):
    """A webhook. No view but the answer to its making holds its secret."""

    webhook_id: str
    url: str = Field(examples=[EXAMPLE_URL], description="Where events are sent.")
    types: list[str] = Field(description="Only events of these types; empty: all.")
    run_ids: list[str] = Field(description="Only of these runs; empty: all.")
    created_at: datetime
    created_by: str | None
    deleted_at: datetime | None
    dead_letters: int = Field(description="Messages that were given up and not sent again since.")
    backlog: int | None = Field(description="Messages that the receiver has not taken yet; null: not known.")
    retrying: bool | None = Field(
        description="Whether the first of those failed and is tried again, after growing pauses; null: not known."
    )


class WebhookCreatedView(Written[WebhookView]):
    secret: str | None = Field(
        description="What signatures are checked with (Standard Webhooks).", examples=["whsec_x"]
    )


class TryView(View):
    delivered: bool
    reason: str | None = Field(description="Why it failed.", examples=["the receiver answered 500"])


class DeadLetterView(View):
    position: int = Field(description="Log position of the event that could not be delivered.")
    reason: str = Field(description="Why the last try failed.", examples=["the receiver answered 500"])
    tries: int
    given_up_at: datetime


def webhook_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api/webhooks", tags=["webhooks"], dependencies=[Depends(parts.at_least)])
    _add_webhooks(router, parts)
    _add_tries(router, parts)
    return router


def _add_webhooks(router: APIRouter, parts: Parts) -> None:
    register, webhooks = parts.access.register, parts.access.webhooks

    @router.get("", summary="All webhooks in force, newest first", responses=problem_responses())
    async def list_webhooks() -> list[WebhookView]:
        """With the numbers of messages that wait and of those that could not be delivered."""
        found = [webhook for webhook in register.webhooks.values() if webhook.deleted_at is None]
        newest_first = sorted(found, key=lambda one: one.position, reverse=True)
        return await asyncio.gather(*(_view(parts, webhook) for webhook in newest_first))

    @router.post(
        "",
        summary="Have events sent to an address",
        status_code=201,
        responses=problem_responses(BadText, WebhooksFull, ServiceKeyMissing),
    )
    async def create_webhook(body: WebhookBody, origin: FromWhere, response: Response) -> WebhookCreatedView:
        """Every event from now on, at least once and in the order of the log, signed as Standard Webhooks are. No other
        answer than this one holds the secret. What is sent, and how it is to be answered, is the document's section
        `webhooks`."""
        created = await webhooks.create(body.command(), origin)
        webhook_id = created.receipt.event.webhook_id if created.receipt.event else ""
        answer = await written(response, created.receipt, webhook_id, lambda: _shown(parts, webhook_id), created=True)
        response.headers["Cache-Control"] = "no-store"
        return WebhookCreatedView(**dict(answer), secret=created.secret)

    @router.delete("/{webhook_id}", summary="Delete a webhook", responses=problem_responses(WebhookUnknown))
    async def delete_webhook(webhook_id: IdPath, origin: FromWhere, response: Response) -> Written[WebhookView]:
        """Nothing is sent any more."""
        receipt = await webhooks.delete(WebhookId(webhook_id), origin)
        return await written(response, receipt, webhook_id, lambda: _shown(parts, webhook_id))

    _ = (list_webhooks, create_webhook, delete_webhook)


def _add_tries(router: APIRouter, parts: Parts) -> None:
    register, webhooks = parts.access.register, parts.access.webhooks

    @router.post("/{webhook_id}/test", summary="Send a test message now", responses=problem_responses(WebhookUnknown))
    async def test_webhook(webhook_id: IdPath) -> TryView:
        """One try, of the type WebhookTest; says how it went. It is no event."""
        reason = await webhooks.try_out(WebhookId(webhook_id))
        return TryView(delivered=reason is None, reason=reason)

    @router.get(
        "/{webhook_id}/dead-letters",
        summary="Messages that were given up, newest first",
        responses=problem_responses(WebhookUnknown),
    )
    async def list_dead_letters(webhook_id: IdPath) -> list[DeadLetterView]:
        """After the last of eight tries a message is given up and the next one sent. The newest 1,000 are known."""
        webhook = known(register.webhooks.get(WebhookId(webhook_id)), WebhookUnknown, f"webhook {webhook_id}")
        return [
            DeadLetterView(position=position, reason=letter.reason, tries=letter.tries, given_up_at=letter.given_up_at)
            for position, letter in reversed(webhook.dead_letters.items())
        ]

    @router.post(
        "/{webhook_id}/dead-letters/{position}/redeliver",
        summary="Send a message again that was given up",
        responses=problem_responses(WebhookUnknown, DeadLetterUnknown, WebhookFailed),
    )
    async def redeliver(
        webhook_id: IdPath,
        position: Annotated[int, Path(ge=1, le=POSITION_MAX), PLAIN_DIGITS],
        origin: FromWhere,
        response: Response,
    ) -> Written[WebhookView]:
        """One try, now. The message is no dead letter any more once the receiver has it."""
        receipt = await webhooks.redeliver(WebhookId(webhook_id), Position(position), origin)
        return await written(response, receipt, webhook_id, lambda: _shown(parts, webhook_id))

    _ = (test_webhook, list_dead_letters, redeliver)


async def _shown(parts: Parts, webhook_id: str) -> WebhookView | None:
    webhook = parts.access.register.webhooks.get(WebhookId(webhook_id))
    return await _view(parts, webhook) if webhook else None


async def _view(parts: Parts, webhook: Webhook) -> WebhookView:
    backlog = await parts.live.backlog.of(webhook.webhook_id) if webhook.deleted_at is None else None
    return WebhookView(
        webhook_id=webhook.webhook_id,
        url=webhook.url,
        types=list(webhook.types),
        run_ids=list(webhook.run_ids),
        created_at=webhook.created_at,
        created_by=webhook.created_by,
        deleted_at=webhook.deleted_at,
        dead_letters=len(webhook.dead_letters),
        backlog=backlog and backlog.waiting,
        retrying=backlog and backlog.retrying,
    )
