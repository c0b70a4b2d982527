"""Calls that may be repeated without harm, repeated as CMF-4 says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from comfy_gateway.application.ports import ComfyBusy, ComfyUnreachable
from comfy_gateway.domain.retry import Again, after_failed_call

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Retrying:
    """`chance` gives evenly spread numbers in 0..1 for the jitter."""

    retries_max: int
    chance: Callable[[], float]

    async def __call__(self, call: Callable[[], Awaitable[T]]) -> T:
        """The call's answer. Raises ComfyUnreachable or ComfyBusy when the retries have run out."""
        tries = 0
        while True:
            try:
                return await call()
            except (ComfyUnreachable, ComfyBusy):
                tries += 1
                decision = after_failed_call(tries, self.retries_max, self.chance())
                if not isinstance(decision, Again):
                    raise
            await asyncio.sleep(decision.pause_seconds)
