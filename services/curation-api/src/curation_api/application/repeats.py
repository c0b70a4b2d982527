"""Whether a command that is sent again is sure to be recognised.

For a while the log itself refuses a second event of one id; later the read model knows the first one. Between the two
there must be no gap: a projector that is too far behind would let a command count twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from carnival.contracts.ids import Position
from carnival.log.port import DUPLICATE_WINDOW_SECONDS, EventLog
from curation_api.application.ports import Projection
from curation_api.domain.refusals import ProjectionBehind

LAG_MAX: Final = timedelta(seconds=DUPLICATE_WINDOW_SECONDS / 2)
CHECKED_FOR: Final = timedelta(seconds=10)


@dataclass(slots=True, kw_only=True)
class Repeats:
    """Asks the log once in ten seconds at the most; the half of the window that is left covers that many times."""

    log: EventLog
    projection: Projection
    clock: Callable[[], datetime]
    wait_seconds: float
    _sure_until: datetime | None = field(default=None, init=False)

    async def check(self) -> None:
        """Raises ProjectionBehind, and LogUnavailable."""
        now = self.clock()
        if self._sure_until is not None and now < self._sure_until:
            return
        if await self._lag(now) > LAG_MAX:
            await self.projection.reached(Position(self.projection.position + 1), self.wait_seconds)
            if (lag := await self._lag(now)) > LAG_MAX:
                raise ProjectionBehind(
                    f"The read model is {lag.total_seconds():.0f} s behind; a command with an Idempotency-Key could"
                    " count twice now",
                    position=self.projection.position,
                )
        self._sure_until = now + CHECKED_FOR

    async def _lag(self, now: datetime) -> timedelta:
        """The age of the first entry that the read model does not show."""
        written = await self.log.written_at(Position(self.projection.position + 1))
        return timedelta(0) if written is None else now - written
