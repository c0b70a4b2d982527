"""Waiting for something to become true, with a deadline instead of a sleep."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

T = TypeVar("T")

POLL_SECONDS = 0.02


async def until(
    condition: Callable[[], Awaitable[T] | T], seconds: float = 5.0, what: str = "", every: float = POLL_SECONDS
) -> T:
    """The first truthy answer of `condition`, which is asked each `every` seconds.

    Raises TimeoutError with the last answer when the time is over.
    """
    last: object = None
    try:
        async with asyncio.timeout(seconds):
            while True:
                answer = condition()
                value = cast("T", await answer if inspect.isawaitable(answer) else answer)
                if value:
                    return value
                last = value
                await asyncio.sleep(every)
    except TimeoutError as error:
        name = what or getattr(condition, "__name__", "the condition")
        raise TimeoutError(f"{name} did not come true within {seconds} s (last answer: {last!r})") from error
