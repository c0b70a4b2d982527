"""Whether a service has its bus."""

from __future__ import annotations

from nats.aio.client import Client

from carnival.health.endpoint import Check


def bus_check(connection: Client) -> Check:
    """Fails while `connection` is broken."""

    async def check() -> None:
        if not connection.is_connected:
            raise ConnectionError("not connected to NATS")

    return check
