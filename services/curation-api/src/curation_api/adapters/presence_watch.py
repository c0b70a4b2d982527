"""Tells when a server of the fleet comes, goes, or is other than before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from pydantic import ValidationError

from carnival.concurrency import end_tasks
from carnival.contracts.notices import NodePresence
from carnival.contracts.subjects import PRESENCE_BUCKET
from carnival.fleet.hearing import heard
from curation_api.adapters.notices import Notice, fleet_notice

NODES_MAX: Final = 1000
LOOK_SECONDS: Final = 1.0
UNTOLD: Final = {"expires_at", "memory_free", "devices"}
"""Other with every announcement; of no interest without anything else."""

_log = structlog.get_logger(__name__)


class PresenceWatch:
    """Hears each announcement on its way into the bucket. What is not announced again in time has gone.

    `clock` is a steady one, and what is in time is measured by it alone: the gateway's may be wrong.
    """

    def __init__(self, connection: Client, clock: Callable[[], datetime], tell: Callable[[Notice], None]) -> None:
        self._connection = connection
        self._clock = clock
        self._tell = tell
        self._known: dict[str, NodePresence] = {}
        self._subscription: Subscription | None = None
        self._looking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._subscription = await self._connection.subscribe(f"$KV.{PRESENCE_BUCKET}.>", cb=self._on_announcement)
        self._looking = asyncio.create_task(self._look(), name="look-who-is-gone")

    async def stop(self) -> None:
        if self._looking:
            await end_tasks([self._looking])
        if self._subscription and not self._connection.is_closed:
            await self._subscription.unsubscribe()

    async def _on_announcement(self, message: Msg) -> None:
        if not message.data:
            self._forget(message.subject.removeprefix(f"$KV.{PRESENCE_BUCKET}."))
            return
        try:
            node = NodePresence.model_validate_json(message.data)
        except ValidationError as error:
            _log.warning("A notice cannot be read", action="notice_unreadable", error=str(error)[:200])
            return
        before = self._known.get(node.key)
        if before is None and len(self._known) >= NODES_MAX:
            return
        self._known[node.key] = heard(node, self._clock())
        if before is None or _told(before) != _told(node):
            self._tell(fleet_notice(node, node.state))

    def _forget(self, key: str) -> None:
        if node := self._known.pop(key, None):
            self._tell(fleet_notice(node, "gone"))

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            now = self._clock()
            for key in [key for key, node in self._known.items() if node.expires_at <= now]:
                self._forget(key)


def _told(node: NodePresence) -> dict[str, object]:
    return node.model_dump(exclude=UNTOLD)
