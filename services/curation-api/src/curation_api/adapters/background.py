"""Ending background tasks for certain."""

from __future__ import annotations

import asyncio
from typing import Any

PATIENCE_SECONDS = 0.5
CANCELLATIONS_MAX = 20


async def end_task(task: asyncio.Task[Any]) -> None:
    """Cancel a task until it ends. One cancellation can get lost: `asyncio.wait_for` of Python 3.11 drops it when the
    awaited thing is done in the same moment. Raises TimeoutError for a task that ends by no means."""
    for _ in range(CANCELLATIONS_MAX):
        task.cancel()
        done, _ = await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
        if done:
            return
    raise TimeoutError(f"{task.get_name()} does not end")
