"""Work that several sessions share."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

S = TypeVar("S")


async def share_out(pieces: Iterable[Callable[[S], Awaitable[object]]], sessions: Sequence[S]) -> None:
    """Each session takes the next piece as soon as it is done with its last one.

    After an error none is begun any more. The first error is raised, once those under way have ended: so every session
    can be used again.
    """
    waiting = deque(pieces)

    async def work(session: S) -> None:
        try:
            while waiting:
                await waiting.popleft()(session)
        finally:
            waiting.clear()

    working = [asyncio.create_task(work(session)) for session in sessions]
    try:
        await asyncio.gather(*working)
    finally:
        waiting.clear()
        await asyncio.wait(working)
