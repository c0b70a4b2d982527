"""Each node says that it is there, how many slots it offers and what it does (WRK-3)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from carnival.concurrency import is_set_within
from carnival.contracts.notices import NodePresence
from comfy_gateway.application.ports import NoticeBoard
from comfy_gateway.application.track_node import Node

REFRESH_SECONDS: Final = 2.0
EXPIRY_SECONDS: Final = 10.0
SETTLE_SECONDS: Final = 0.05


class AnnouncePresence:
    """Refreshed on a timer, and soon after a change."""

    def __init__(self, board: NoticeBoard, nodes: Sequence[Node], *, gateway: str, version: str, pool: str) -> None:
        self._board = board
        self._nodes = nodes
        self._gateway = gateway
        self._version = version
        self._pool = pool
        self._changed = asyncio.Event()

    def changed(self) -> None:
        self._changed.set()

    async def run(self) -> None:
        """For ever; several changes at once make one announcement."""
        while True:
            self._changed.clear()
            for node in self._nodes:
                await self._board.presence(self.presence_of(node))
            await asyncio.sleep(SETTLE_SECONDS)
            await is_set_within(self._changed, REFRESH_SECONDS)

    async def leave(self) -> None:
        """No node of this gateway is there any more."""
        for node in self._nodes:
            await self._board.leave(self.presence_of(node))

    def presence_of(self, node: Node) -> NodePresence:
        standing, machine, learned = node.standing, node.machine, node.learned
        return NodePresence(
            gateway=self._gateway,
            node=node.name,
            pool=self._pool,
            slots=node.slots if node.facts.takes_jobs else 0,
            state=standing.state,
            since=standing.since,
            reason=standing.reason,
            drained=node.drain is not None,
            version=machine.version,
            gateway_version=self._version,
            devices=machine.devices,
            memory_total=machine.memory_total,
            memory_free=machine.memory_free,
            current_jobs=node.shown_jobs,
            last_errors=node.record.errors,
            idle=node.idle(self._pool),
            capabilities=learned.digest if learned else "",
            node_classes=len(learned.capabilities.classes) if learned else 0,
            model_files=len({file for shelf in learned.capabilities.shelves for file in shelf}) if learned else 0,
            expires_at=datetime.now(UTC) + timedelta(seconds=EXPIRY_SECONDS),
        )
