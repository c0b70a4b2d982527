"""For tests only: a log in memory, example events, waiting with a deadline. No service imports this."""

from __future__ import annotations

from carnival.testing.waiting import until

__all__ = ["until"]
