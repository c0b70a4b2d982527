"""Connections to NATS that never give up and never fail silently."""

from __future__ import annotations

import logging
from typing import Any

import nats
import structlog
from faststream.nats import NatsBroker
from nats.aio.client import Client

FOR_EVER = -1
CONNECT_TIMEOUT_SECONDS = 5
RECONNECT_PAUSE_SECONDS = 0.25
PING_INTERVAL_SECONDS = 10
PENDING_BYTES_MAX = 8 * 1024 * 1024

_log = structlog.get_logger(__name__)


async def open_connection(url: str, name: str) -> Client:
    """A plain client. Raises after the first connection attempts fail; once connected it reconnects for ever."""
    return await nats.connect(**connection_options(url, name))


def nats_broker(url: str, name: str, *, graceful_timeout_seconds: float = 30.0) -> NatsBroker:
    """A FastStream broker on the same options.

    `max_reconnect_attempts` without end matters twice: a client that has given up makes FastStream's pull loop spin
    without yielding. `graceful_timeout_seconds` lets a running handler finish when the service stops.
    """
    options = connection_options(url, name)
    servers = options.pop("servers")
    return NatsBroker(
        servers,
        graceful_timeout=graceful_timeout_seconds,
        logger=logging.getLogger("faststream.nats"),
        log_level=logging.DEBUG,
        **options,
    )


def connection_options(url: str, name: str) -> dict[str, Any]:
    """What every connection of ours is made with."""

    async def on_error(error: Exception) -> None:
        _log.error("NATS reported an error", action="nats_error", error=str(error) or type(error).__name__)

    async def on_disconnect() -> None:
        _log.warning("NATS connection lost, reconnecting", action="nats_disconnected")

    async def on_reconnect() -> None:
        _log.info("NATS connection is back", action="nats_reconnected")

    return {
        "servers": [part.strip() for part in url.split(",") if part.strip()],
        "name": name,
        "max_reconnect_attempts": FOR_EVER,
        "reconnect_time_wait": RECONNECT_PAUSE_SECONDS,
        "connect_timeout": CONNECT_TIMEOUT_SECONDS,
        "ping_interval": PING_INTERVAL_SECONDS,
        "max_outstanding_pings": 2,
        "pending_size": PENDING_BYTES_MAX,
        "inbox_prefix": f"_INBOX_{name.replace('-', '_')}".encode(),
        "error_cb": on_error,
        "disconnected_cb": on_disconnect,
        "reconnected_cb": on_reconnect,
    }
