"""Concurrent work and its end."""

from __future__ import annotations

from carnival.concurrency.ending import end_tasks

__all__ = ["end_tasks"]
