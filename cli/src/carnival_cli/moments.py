"""Times as people give them, in the form the API takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def zoned(moment: datetime | None) -> str | None:
    """A moment in this machine's zone, unless it names its own."""
    return moment.astimezone().isoformat() if moment else None


def in_days(days: float | None) -> str | None:
    """So many days from now; None: never."""
    return None if days is None else (datetime.now(UTC) + timedelta(days=days)).isoformat()
