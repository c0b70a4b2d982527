"""Rate limits: members by name, everybody else by address, and wrong credentials by address more strictly."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import Message, Send

from curation_api.domain.access.principals import Member
from curation_api.domain.access.rates import KEPT_MAX, Allowance, Buckets, Rate
from curation_api.domain.access.refusals import RateExceeded

IPV6_PREFIX: Final = 64
"""What one household or machine gets of IPv6: its addresses count as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """`attempts`: wrong credentials and sign-ins."""

    members: Rate
    addresses: Rate
    attempts: Rate


class RateLimits:
    """Kept in this process: each replica counts for itself. Memory is bounded, whoever asks."""

    def __init__(self, rates: Rates, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._members = Buckets("member", rates.members)
        self._addresses = Buckets("address", rates.addresses)
        self._attempts = Buckets("attempts", rates.attempts)
        self._at_home: OrderedDict[tuple[str, str], None] = OrderedDict()

    def of_member(self, member: Member, request: Request) -> Allowance:
        """A request of somebody who is known. Raises RateExceeded.

        While an address is barred for its wrong credentials, a right one is not told from them, so that guessing takes
        time; except for whoever was let in from there before, who must not be locked out by a neighbour.
        """
        here = (_address(request), member.name)
        if here not in self._at_home and self._attempts.is_empty(here[0], self._clock()):
            self.attempt(request)
        self._at_home[here] = None
        self._at_home.move_to_end(here)
        if len(self._at_home) > KEPT_MAX:
            self._at_home.popitem(last=False)
        return _admitted(self._members.take(member.name, self._clock()))

    def of_address(self, request: Request) -> Allowance:
        """A request of nobody known. Raises RateExceeded."""
        return _admitted(self._addresses.take(_address(request), self._clock()))

    def attempt(self, request: Request) -> Allowance:
        """A wrong credential, or any that is tried at signing in. Raises RateExceeded."""
        return _admitted(self._attempts.take(_address(request), self._clock()))


def shown(allowance: Allowance) -> dict[str, str]:
    """The headers RateLimit and RateLimit-Policy: what may be asked at once, when again, and what is left."""
    rate, wait = allowance.rate, allowance.wait_seconds
    return {
        "RateLimit-Policy": f'"{allowance.name}";q={rate.burst};w={rate.window_seconds}',
        "RateLimit": f'"{allowance.name}";r={allowance.remaining};t={wait or 1}',
    }


def showing(allowance: Allowance, send: Send) -> Send:
    """`send` that tells the allowance with the answer."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(shown(allowance))
        await send(message)

    return sending


def _admitted(allowance: Allowance) -> Allowance:
    if allowance.wait_seconds:
        raise RateExceeded(allowance)
    return allowance


def _address(request: Request) -> str:
    return _household(request.client.host if request.client else "")


@lru_cache(maxsize=KEPT_MAX)
def _household(host: str) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 6 and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((int(address), IPV6_PREFIX), strict=False))
    return host
