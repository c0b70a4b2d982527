"""Ending tasks for sure."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, Final

AGAIN_SECONDS: Final = 0.5
TIMES_MAX: Final = 40


async def end_tasks(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel tasks and wait until they have ended. Raises TimeoutError for one that ends by no means.

    Asked again and again: up to Python 3.11 `asyncio.wait_for` swallows a cancellation that comes together with its
    result, and a loop around it would go on for ever.
    """
    pending = {task for task in tasks if not task.done()}
    for _ in range(TIMES_MAX):
        if not pending:
            return
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=AGAIN_SECONDS)
    raise TimeoutError(f"{len(pending)} tasks do not end")
