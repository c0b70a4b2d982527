"""Whether a command that is sent again is sure to be recognised.

For a while the log itself refuses a second event of one id; later the read model knows the first one. Between the two
there must be no gap: a projector that is too far behind would let a command count twice.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from carnival.contracts.ids import Position
from carnival.log.port import DUPLICATE_WINDOW_SECONDS, EventLog
from curation_api.application.ports import Projection
from curation_api.domain.refusals import ProjectionBehind

LAG_MAX: Final = timedelta(seconds=DUPLICATE_WINDOW_SECONDS / 2)
CHECKED_FOR_SECONDS: Final = 10.0


@dataclass(slots=True, kw_only=True)
class Repeats:
    """Asks the log once in ten seconds at the most; the half of the window that is left covers that many times."""

    log: EventLog
    projection: Projection
    wait_seconds: float
    clock: Callable[[], float] = time.monotonic
    _sure_until: float = field(default=-math.inf, init=False)

    async def check(self) -> None:
        """Raises ProjectionBehind, and LogUnavailable."""
        now = self.clock()
        if now < self._sure_until:
            return
        if await self._lag() > LAG_MAX:
            await self.projection.reached(Position(self.projection.position + 1), self.wait_seconds)
            if (lag := await self._lag()) > LAG_MAX:
                raise ProjectionBehind(
                    f"The read model is {lag.total_seconds():.0f} s behind; a command with an Idempotency-Key could"
                    " count twice now",
                    position=self.projection.position,
                )
        self._sure_until = now + CHECKED_FOR_SECONDS

    async def _lag(self) -> timedelta:
        """The age of the first entry that the read model does not show."""
        return await self.log.age_of(Position(self.projection.position + 1)) or timedelta(0)
