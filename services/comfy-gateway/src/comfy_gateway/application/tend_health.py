"""Quarantined servers get a canary when it is due; what is held against a server outlives the gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from comfy_gateway.application.ports import HealthMemory
from comfy_gateway.application.send_canary import SendCanary
from comfy_gateway.application.track_node import Node

LOOK_SECONDS: Final = 0.5


class TendHealth:
    def __init__(self, memory: HealthMemory, send_canary: SendCanary, clock: Callable[[], datetime]) -> None:
        self._memory = memory
        self._send_canary = send_canary
        self._clock = clock

    async def recall(self, nodes: Sequence[Node]) -> None:
        """A quarantine goes on where an earlier life of the gateway left it, before any job is taken."""
        for node in nodes:
            node.record.restore(await self._memory.recall(node.name))

    async def __call__(self, node: Node) -> None:
        """For ever."""
        kept = node.record.health
        while True:
            if self._canary_is_due(node):
                await self._try(node)
            if node.record.health != kept:
                kept = node.record.health
                await self._memory.keep(node.name, kept)
            await asyncio.sleep(LOOK_SECONDS)

    def _canary_is_due(self, node: Node) -> bool:
        """Not at a server that is away or that an operator works at; jobs still rendered there tell more."""
        wanted = node.record.health.wants_canary(self._clock())
        return wanted and node.condition.ready and node.drain is None and not node.ending and not node.facts.rendering

    async def _try(self, node: Node) -> None:
        problem = await self._send_canary(node)
        if problem is None:
            node.record.canary_passed()
        else:
            node.record.canary_failed(problem)
