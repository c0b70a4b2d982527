"""Webhooks in the API's answers."""

from __future__ import annotations

from datetime import datetime

from carnival_cli.api.views.page import View, Written


class Webhook(View):
    webhook_id: str
    url: str
    types: list[str]
    run_ids: list[str]
    dead_letters: int
    backlog: int | None = None
    retrying: bool | None = None
    created_at: datetime | None = None
    created_by: str | None = None
    deleted_at: datetime | None = None


class CreatedWebhook(Written[Webhook]):
    """The only answer that holds the secret."""

    secret: str | None


class Tried(View):
    delivered: bool
    reason: str | None


class DeadLetter(View):
    position: int
    reason: str
    tries: int
    given_up_at: datetime
