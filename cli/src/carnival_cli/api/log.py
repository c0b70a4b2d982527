"""Calls about the event log."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any, Final

from carnival_cli.api.calls import Calls
from carnival_cli.api.errors import ApiUnreachable
from carnival_cli.api.views.monitoring import LogLine
from carnival_cli.api.views.page import Page

TRIES_IN_VAIN_MAX: Final = 20
RECONNECT_SECONDS: Final = 1.0
CHANGE: Final = "change"


class LogCalls(Calls):
    async def events(self, after: int, run_id: str | None = None, limit: int = 500) -> Page[LogLine]:
        return self._read(Page[LogLine], await self._http.get("/api/events", after=after, run_id=run_id, limit=limit))

    async def events_of(self, thing: str, **query: Any) -> Page[LogLine]:
        """A page of the events of one thing, such as `runs/ID`, `candidates/ID` or `jobs/ID`; `query` as there."""
        return self._read(Page[LogLine], await self._http.get(f"/api/{thing}/events", **query))

    async def event(self, position: int) -> LogLine:
        return self._read(LogLine, await self._http.get(f"/api/events/{position}"))

    async def changes(
        self,
        after: int | None = None,
        run_id: str | None = None,
        types: list[str] | None = None,
        notices: list[str] | None = None,
    ) -> AsyncGenerator[dict[str, Any]]:
        """`{"position": …, "type": …, "run_id": …}` for every new event, for ever, until the line breaks.

        In between the `notices` (progress, fleet, projected) that are asked for, each with its kind as `notice`.
        """
        query = {"after": after, "run_id": run_id, "type": types, "notice": notices}
        async with self._http.lines("/api/changes", **query) as lines:
            kind = CHANGE
            async for line in lines:
                if line.startswith("event:"):
                    kind = line.removeprefix("event:").strip()
                elif line.startswith("data:"):
                    told: dict[str, Any] = json.loads(line.removeprefix("data:"))
                    yield told if kind == CHANGE else {"notice": kind, **told}

    async def follow(
        self,
        after: int,
        run_id: str | None = None,
        types: list[str] | None = None,
        notices: list[str] | None = None,
    ) -> AsyncGenerator[dict[str, Any]]:
        """As `changes`, and again behind the last change when the line broke. Ends when the API stays away."""
        tries = 0
        while tries < TRIES_IN_VAIN_MAX:
            try:
                async for told in self.changes(after, run_id, types, notices):
                    tries = 0
                    if "notice" not in told:
                        after = int(told["position"])
                    yield told
            except ApiUnreachable:
                tries += 1
            await asyncio.sleep(RECONNECT_SECONDS)
        raise ApiUnreachable(self._http.url, "it stays away")
