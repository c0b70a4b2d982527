"""Connections to NATS that never give up and never fail silently."""

from __future__ import annotations

import logging
import ssl
from typing import Any

import structlog
from faststream.nats import NatsBroker
from faststream.nats.security import NatsSecurity, NatsUserPassword
from nats.aio.client import Client

from carnival.configuration.service import BusSettings
from carnival.log.lean_client import LeanClient
from carnival.log.permissions import inbox_of
from carnival.log.refusals import heard_refusal

FOR_EVER = -1
CONNECT_TIMEOUT_SECONDS = 5
RECONNECT_PAUSE_SECONDS = 0.25
PING_INTERVAL_SECONDS = 10
PENDING_BYTES_MAX = 8 * 1024 * 1024

_log = structlog.get_logger(__name__)


async def open_connection(bus: BusSettings | str, name: str) -> Client:
    """A plain client of the bus, or of the servers at an address. It waits for the first connection, and reconnects,
    for ever. Raises OSError for a file of the settings that cannot be used."""
    bus = _settings(bus)
    password = bus.nats_password.get_secret_value() if bus.nats_password else None
    client, options = LeanClient(), connection_options(bus, name)
    lost = options.pop("disconnected_cb")

    async def on_disconnect() -> None:
        """The client calls it as well when it is closed on purpose, which is no news."""
        if not client.is_closed:
            await lost()

    credentials: dict[str, Any] = {"user": bus.nats_user, "password": password, "tls": encryption_of(bus)}
    await client.connect(**options, **credentials, disconnected_cb=on_disconnect)
    return client


def nats_broker(bus: BusSettings | str, name: str, *, graceful_timeout_seconds: float = 30.0) -> NatsBroker:
    """A FastStream broker on the same options.

    `max_reconnect_attempts` without end matters twice: a client that has given up makes FastStream's pull loop spin
    without yielding. `graceful_timeout_seconds` lets a running handler finish when the service stops.
    """
    bus = _settings(bus)
    options = connection_options(bus, name)
    servers = options.pop("servers")
    return NatsBroker(
        servers,
        security=_security(bus),
        graceful_timeout=graceful_timeout_seconds,
        logger=logging.getLogger("faststream.nats"),
        log_level=logging.DEBUG,
        **options,
    )


def encryption_of(bus: BusSettings) -> ssl.SSLContext | None:
    """How the line is encrypted; None for what the address itself says. Raises OSError."""
    if bus.nats_ca_file is None and bus.nats_cert_file is None:
        return None
    context = ssl.create_default_context(cafile=bus.nats_ca_file)
    if bus.nats_cert_file is not None:
        context.load_cert_chain(bus.nats_cert_file, bus.nats_key_file)
    return context


def connection_options(bus: BusSettings, name: str) -> dict[str, Any]:
    """What every connection of ours is made with, beside its user."""

    async def on_error(error: Exception) -> None:
        if heard_refusal(error):
            _log.error("The bus forbids it", action="bus_forbidden", user=bus.nats_user, error=str(error))
            return
        _log.error("NATS reported an error", action="nats_error", error=str(error) or type(error).__name__)

    async def on_disconnect() -> None:
        _log.warning("NATS connection lost, reconnecting", action="nats_disconnected")

    async def on_reconnect() -> None:
        _log.info("NATS connection is back", action="nats_reconnected")

    return {
        "servers": [part.strip() for part in bus.nats_url.split(",") if part.strip()],
        "name": name,
        "max_reconnect_attempts": FOR_EVER,
        "reconnect_time_wait": RECONNECT_PAUSE_SECONDS,
        "connect_timeout": CONNECT_TIMEOUT_SECONDS,
        "ping_interval": PING_INTERVAL_SECONDS,
        "max_outstanding_pings": 2,
        "pending_size": PENDING_BYTES_MAX,
        "inbox_prefix": inbox_of(bus.nats_user or name).encode(),
        "error_cb": on_error,
        "disconnected_cb": on_disconnect,
        "reconnected_cb": on_reconnect,
    }


def _settings(bus: BusSettings | str) -> BusSettings:
    return BusSettings(nats_url=bus) if isinstance(bus, str) else bus


def _security(bus: BusSettings) -> NatsSecurity:
    encryption = encryption_of(bus)
    if bus.nats_user is None or bus.nats_password is None:
        return NatsSecurity(ssl_context=encryption)
    return NatsUserPassword(bus.nats_user, bus.nats_password.get_secret_value(), ssl_context=encryption)
