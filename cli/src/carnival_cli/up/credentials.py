"""The secrets of an installation on one machine: made on its first start, readable by their owner only."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from carnival_cli.up.layout import Layout

BEGINNING: Final = "tc_"
OWNER_ONLY: Final = 0o600


@dataclass(frozen=True, slots=True)
class LocalCredentials:
    """`operator_token` opens everything; `service_key` is what the API derives its other secrets from."""

    operator_token: str
    service_key: str

    def bus_password(self, user: str) -> str:
        """Of a user of the bus: derived from the key, so that nothing more has to be kept."""
        return hmac.digest(self.service_key.encode(), f"bus {user}".encode(), "sha256").hex()


def ensure_credentials(layout: Layout, environ: Mapping[str, str]) -> LocalCredentials:
    """Those of the data folder, made now if it has none. What the environment names replaces them."""
    return LocalCredentials(
        operator_token=_ensure(layout.operator_token, environ.get("OPERATOR_TOKEN", ""), BEGINNING),
        service_key=_ensure(layout.service_key, environ.get("SERVICE_KEY", ""), ""),
    )


def read_operator_token(layout: Layout) -> str | None:
    """The token of this data folder; None where there is none, or none that this user may read."""
    try:
        return layout.operator_token.read_text(encoding="ascii").strip() or None
    except (OSError, UnicodeError):
        return None


def _ensure(file: Path, given: str, prefix: str) -> str:
    known = file.read_text(encoding="ascii").strip() if file.exists() else ""
    wanted = given.strip() or known or prefix + secrets.token_urlsafe(32)
    if wanted != known:
        fresh = file.with_name(f".{file.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY), "w") as stream:
            stream.write(wanted + "\n")
        fresh.replace(file)
    return wanted
