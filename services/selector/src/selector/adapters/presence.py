"""Who is there to render: the announcements of the gateways, kept in memory until they expire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

import nats.errors
import nats.js.errors
import structlog
from nats.aio.client import Client
from pydantic import ValidationError

from carnival.contracts.notices import NodePresence
from carnival.contracts.subjects import PRESENCE_BUCKET
from carnival.fleet.hearing import heard
from carnival.log.buckets import keys_in
from selector.application.ports import Clock
from selector.domain.capacity import Capacity, offered_capacity, offered_slots

ANNOUNCEMENTS: Final = f"$KV.{PRESENCE_BUCKET}.>"
"""A plain subscription here hears each announcement, and lives on when the bucket or the server is made anew."""
NODES_MAX: Final = 10_000
FORGET_AFTER: Final = timedelta(minutes=1)

_log = structlog.get_logger(__name__)


class AnnouncedPresence:
    """Implements `Presence`. `on_change` is called when more or less work can be taken.

    `clock` is a steady one, and how long ago a node was heard of is measured by it alone: clocks of other machines may
    be wrong, and that of this one may be set.
    """

    def __init__(self, jobs_ahead: int, clock: Clock, on_change: Callable[[], None]) -> None:
        self._jobs_ahead = jobs_ahead
        self._clock = clock
        self._on_change = on_change
        self._nodes: dict[str, NodePresence] = {}

    def capacity(self) -> Capacity:
        return offered_capacity(self._nodes.values(), self._jobs_ahead, self._clock())

    def slots(self) -> Mapping[str, int]:
        """Slots offered now, by pool."""
        return offered_slots(self._nodes.values(), self._clock())

    def announce(self, key: str, body: bytes) -> None:
        """One announcement; an empty body takes the node back. Unreadable ones are logged and left out."""
        before = self.capacity()
        self._forget_expired()
        if not body:
            self._nodes.pop(key, None)
        elif key in self._nodes or len(self._nodes) < NODES_MAX:
            try:
                node = NodePresence.model_validate_json(body)
                self._nodes[key] = heard(node, self._clock())
            except ValidationError as error:
                _log.warning("Unreadable presence", action="presence_unreadable", key=key, error=str(error))
        if self.capacity() != before:
            self._on_change()

    def _forget_expired(self) -> None:
        now = self._clock()
        gone = [key for key, node in self._nodes.items() if node.expires_at + FORGET_AFTER < now]
        for key in gone:
            del self._nodes[key]


async def read_announcements(connection: Client, presence: AnnouncedPresence) -> None:
    """What was announced before this replica began to listen. Later ones come by themselves within seconds."""
    try:
        bucket = await connection.jetstream().key_value(PRESENCE_BUCKET)
        for key in await keys_in(connection, PRESENCE_BUCKET):
            try:
                presence.announce(key, (await bucket.get(key)).value or b"")
            except nats.js.errors.KeyNotFoundError:
                continue
    except (nats.errors.Error, nats.js.errors.Error) as error:
        _log.info("No presence to begin with", action="presence_unknown", error=str(error) or type(error).__name__)
