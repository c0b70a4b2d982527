"""Concurrent work, its end, and the time that passes."""

from __future__ import annotations

from carnival.concurrency.ending import end_tasks
from carnival.concurrency.steady import steady_clock
from carnival.concurrency.waiting import is_set_within

__all__ = ["end_tasks", "is_set_within", "steady_clock"]
