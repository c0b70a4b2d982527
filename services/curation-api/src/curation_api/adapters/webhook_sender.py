"""Sends one message to a webhook's address, within bounds, and not to where it must not go."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpx

from curation_api.application.ports import Clock
from curation_api.domain.access.service_key import ServiceKey
from curation_api.domain.access.webhook_register import Webhook
from curation_api.domain.access.webhooks import Message, signed_headers

SEND_SECONDS: Final = 15.0
"""For one try: finding the address, connecting, sending, hearing how it went."""
REASON_LENGTH_MAX: Final = 300

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressForbidden(Exception):
    """A host that leads into our own network, or nowhere."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How a try went; `reason` says why it failed, None if the receiver took the message (2xx)."""

    reason: str | None


class WebhookSender:
    """`private_allowed` lets messages go to addresses that are not on the public internet."""

    def __init__(self, key: ServiceKey, clock: Clock, *, private_allowed: bool) -> None:
        self._key = key
        self._clock = clock
        self._private_allowed = private_allowed
        self._http = httpx.AsyncClient(timeout=SEND_SECONDS, follow_redirects=False, trust_env=False)

    async def close(self) -> None:
        await self._http.aclose()

    async def send(self, webhook: Webhook, message: Message) -> Tried:
        """Never raises because of what the receiver does. Its answer's body is not read."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                status = await self._post(webhook, message)
        except TimeoutError:
            return Tried(f"no answer within {SEND_SECONDS:g} seconds")
        except (AddressForbidden, httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            return Tried(f"{type(error).__name__}: {error}"[:REASON_LENGTH_MAX])
        return Tried(None if 200 <= status < 300 else f"the receiver answered {status}")

    async def _post(self, webhook: Webhook, message: Message) -> int:
        """The status. The connection goes to the very address that was checked, whatever the name means a moment later
        (DNS rebinding); the certificate is checked against the name."""
        url = httpx.URL(webhook.url)
        address = await self._checked(url.host, url.port or (443 if url.scheme == "https" else 80))
        headers = signed_headers(message, self._key, webhook.webhook_id, self._clock())
        request = self._http.build_request(
            "POST",
            url.copy_with(host=str(address)),
            content=message.body,
            headers={**headers, "host": urlsplit(webhook.url).netloc},
            extensions={"sni_hostname": url.host},
        )
        answer = await self._http.send(request, stream=True)
        await answer.aclose()
        return answer.status_code

    async def _checked(self, host: str, port: int) -> Address:
        """The first address of a host. Raises AddressForbidden if any of them is private, OSError if there is none."""
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses: Sequence[Address] = [ipaddress.ip_address(entry[4][0]) for entry in found]
        if not self._private_allowed and (private := [one for one in addresses if not _is_public(one)]):
            raise AddressForbidden(f"{host} leads to {private[0]}, which is not on the public internet")
        return addresses[0]


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if inner:
            return _is_public(inner)
        if address in ipaddress.ip_network("64:ff9b::/96"):
            return _is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast
