"""Calls about webhooks."""

from __future__ import annotations

from typing import Any

from carnival_cli.api.calls import Calls
from carnival_cli.api.views.page import Written
from carnival_cli.api.views.webhook import CreatedWebhook, DeadLetter, Tried, Webhook


class WebhookCalls(Calls):
    async def all(self) -> list[Webhook]:
        return self._read(list[Webhook], await self._http.get("/api/webhooks"))

    async def create(self, body: dict[str, Any]) -> CreatedWebhook:
        return self._read(CreatedWebhook, await self._http.post("/api/webhooks", body))

    async def delete(self, webhook_id: str) -> Written[Webhook]:
        return self._read(Written[Webhook], await self._http.delete(f"/api/webhooks/{webhook_id}"))

    async def test(self, webhook_id: str) -> Tried:
        return self._read(Tried, await self._http.post(f"/api/webhooks/{webhook_id}/test"))

    async def dead_letters(self, webhook_id: str) -> list[DeadLetter]:
        return self._read(list[DeadLetter], await self._http.get(f"/api/webhooks/{webhook_id}/dead-letters"))

    async def redeliver(self, webhook_id: str, position: int) -> Written[Webhook]:
        path = f"/api/webhooks/{webhook_id}/dead-letters/{position}/redeliver"
        return self._read(Written[Webhook], await self._http.post(path))
