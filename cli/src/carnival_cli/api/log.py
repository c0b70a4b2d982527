"""Calls about the event log."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from typing import Any

from carnival_cli.api.calls import Calls
from carnival_cli.api.views.monitoring import LogLine
from carnival_cli.api.views.page import Page


class LogCalls(Calls):
    async def events(self, after: int, run_id: str | None = None, limit: int = 500) -> Page[LogLine]:
        return self._read(Page[LogLine], await self._http.get("/api/events", after=after, run_id=run_id, limit=limit))

    async def changes(self, after: int | None = None, run_id: str | None = None) -> AsyncGenerator[dict[str, Any]]:
        """`{"position": …, "type": …, "run_id": …}` for every new event, for ever, until the line breaks."""
        async with self._http.lines("/api/changes", after=after, run_id=run_id) as lines:
            async for line in lines:
                if line.startswith("data:"):
                    yield json.loads(line.removeprefix("data:"))
