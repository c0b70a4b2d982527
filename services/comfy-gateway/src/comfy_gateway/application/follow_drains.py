"""Operators' drains reach the servers: read whole before any job is taken, then followed live."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from typing import Final

import structlog

from carnival.contracts.drain import Drains
from carnival.contracts.envelope import LogEntry
from carnival.contracts.subjects import all_of_gateway
from carnival.log.errors import LogError
from carnival.log.port import EventLog
from comfy_gateway.application.track_node import Node

PAUSE_SECONDS: Final = 0.5

_log = structlog.get_logger(__name__)


class FollowDrains:
    """While the log is away all stays as it is."""

    def __init__(self, log: EventLog, nodes: Sequence[Node], gateway: str) -> None:
        self._events = log
        self._nodes = nodes
        self._gateway = gateway
        self._subjects = (all_of_gateway(gateway),)
        self._drains = Drains()

    async def catch_up(self) -> None:
        """What was wanted before this process began. Raises LogUnavailable."""
        async with aclosing(self._events.read(self._drains.position, subjects=self._subjects)) as batches:
            async for batch in batches:
                self._obey(batch)

    async def run(self) -> None:
        """For ever."""
        while True:
            try:
                async with aclosing(self._events.follow(self._drains.position, subjects=self._subjects)) as batches:
                    async for batch in batches:
                        self._obey(batch)
            except LogError as error:
                _log.warning("Drains cannot be followed", action="drains_interrupted", error=str(error))
            await asyncio.sleep(PAUSE_SECONDS)

    def _obey(self, batch: Sequence[LogEntry]) -> None:
        for entry in batch:
            self._drains.apply(entry)
        for node in self._nodes:
            drain = self._drains.of(self._gateway, node.name)
            words = drain.words if drain else None
            if words != node.drain:
                _log.warning("A node is drained, or no more", action="node_drained", node=node.name, reason=words)
                node.drain_for(words)
