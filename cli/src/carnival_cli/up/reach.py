"""By which addresses the API is reached: on this machine, and from others."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from typing import Final

from carnival_cli.servers.ports import LOOPBACK

EVERYWHERE: Final = {"0.0.0.0": LOOPBACK, "::": "::1"}
"""What listens to all addresses of this machine listens to these too."""
_SOME_OTHER_MACHINE: Final = ("192.0.2.1", 9)


def api_host(environ: Mapping[str, str]) -> str:
    """Where the API listens: for this machine alone, unless API_HOST says otherwise."""
    return environ.get("API_HOST", "").strip() or LOOPBACK


def url_here(environ: Mapping[str, str], port: int) -> str:
    """Where this machine reaches it."""
    host = api_host(environ)
    return _url(environ, EVERYWHERE.get(host, host), port)


def url_elsewhere(environ: Mapping[str, str], port: int) -> str | None:
    """Where other machines reach it; None if they do not."""
    host = api_host(environ)
    if host in EVERYWHERE:
        return _url(environ, _own_address(), port)
    return None if _is_loopback(host) else _url(environ, host, port)


def _url(environ: Mapping[str, str], host: str, port: int) -> str:
    scheme = "https" if environ.get("API_CERT_FILE", "").strip() else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _own_address() -> str:
    """The address by which this machine would speak to another one, to which nothing is sent; without a network, its
    name."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_SOME_OTHER_MACHINE)
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()
