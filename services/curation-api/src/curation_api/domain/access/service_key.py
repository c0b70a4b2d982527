"""One key from which every secret of the service is derived: tokens, browser sessions, signatures."""

from __future__ import annotations

import hashlib
import hmac


class ServiceKey:
    """HMAC-SHA256 under one secret. `durable` says that it outlives this process and is the same in every replica."""

    def __init__(self, secret: str, *, durable: bool) -> None:
        self._secret = secret.encode()
        self.durable = durable

    def derive(self, purpose: str, *parts: str) -> bytes:
        """32 bytes that belong to `purpose` and `parts`: the same each time, unrelated to those of any other."""
        words = "\x1f".join((purpose, *parts)).encode()
        return hmac.new(self._secret, words, hashlib.sha256).digest()
