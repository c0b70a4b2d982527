"""How often, how fast and with what outcome this process appends."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence

from opentelemetry.trace import SpanKind

from carnival.contracts.envelope import Event
from carnival.log.errors import AppendRefused, StalePosition
from carnival.log.port import Appended
from carnival.telemetry.catalogue.several_services import APPEND_DURATION, APPENDED
from carnival.telemetry.instruments import counter, histogram
from carnival.telemetry.tracing import span

Told = Callable[[Event], None]
"""Called with each event that the log took anew."""


class MeasuredAppends:
    """`told` hears of every event after the log took it."""

    def __init__(self, told: Told | None = None) -> None:
        self._told = told
        self._appended = counter(APPENDED)
        self._duration = histogram(APPEND_DURATION)

    async def __call__(self, events: Sequence[Event], appending: Awaitable[Appended]) -> Appended:
        """The outcome of `appending`, counted."""
        first = events[0].wire_name if events else "nothing"
        with span(f"append {first}", kind=SpanKind.PRODUCER, events=len(events)) as running:
            appended = await self._timed(appending)
            running.set_attribute("position", appended.position)
        if not appended.duplicate:
            self._count(events)
        return appended

    async def _timed(self, appending: Awaitable[Appended]) -> Appended:
        started, outcome = time.perf_counter(), "unavailable"
        try:
            appended = await appending
            outcome = "duplicate" if appended.duplicate else "taken"
        except StalePosition:
            outcome = "stale"
            raise
        except AppendRefused:
            outcome = "refused"
            raise
        finally:
            self._duration.record(time.perf_counter() - started, {"outcome": outcome})
        return appended

    def _count(self, events: Sequence[Event]) -> None:
        for event in events:
            self._appended.add(1, {"event": event.wire_name})
            if self._told is not None:
                self._told(event)
