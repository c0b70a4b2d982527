"""A clock for what passes here, whatever becomes of the machine's clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def steady_clock() -> Callable[[], datetime]:
    """Tells the time as of now, in UTC, and from then on only what has passed: setting the machine's clock moves it
    nowhere."""
    began, start = datetime.now(UTC), time.monotonic()
    return lambda: began + timedelta(seconds=time.monotonic() - start)
