"""Several streams as one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import TypeVar

from carnival.concurrency import end_tasks

T = TypeVar("T")


async def merged(*sources: AsyncGenerator[T]) -> AsyncGenerator[T]:
    """What the sources yield, as it comes, for ever; closes them at the end.

    A source is asked for more only when its last was taken, so nothing piles up here for a listener who is slow.
    """
    asked = {asyncio.ensure_future(anext(source)): source for source in sources}
    try:
        while True:
            answered, _ = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
            for turn in answered:
                source = asked.pop(turn)
                yield await turn
                asked[asyncio.ensure_future(anext(source))] = source
    finally:
        await end_tasks(asked)
        for source in sources:
            await source.aclose()
