"""Sign-in codes: random, good for ten minutes and for one browser. They live in a bucket with expiry, by their hash."""

from __future__ import annotations

import hashlib
import secrets

import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.js.kv import KeyValue

from carnival.contracts.ids import TokenId
from carnival.contracts.subjects import SIGN_IN_BUCKET
from carnival.log.errors import LogUnavailable
from carnival.log.stream import ensure_buckets

CODE_BYTES = 32
ANSWER_SECONDS = 3.0


class SignInCodes:
    """Shared by all replicas."""

    def __init__(self, connection: Client) -> None:
        self._connection = connection

    async def issue(self, token_id: TokenId) -> str:
        """A fresh code that stands for a token. Raises LogUnavailable."""
        code = secrets.token_urlsafe(CODE_BYTES)
        try:
            await ensure_buckets(self._connection)
            await (await self._bucket()).create(_key(code), token_id.encode())
        except (nats.errors.Error, nats.js.errors.Error, OSError) as error:
            raise LogUnavailable("sign-in codes cannot be kept") from error
        return code

    async def redeem(self, code: str) -> TokenId | None:
        """The token a code stands for, once; None for an unknown, used or expired one. Raises LogUnavailable."""
        try:
            bucket = await self._bucket()
            entry = await bucket.get(_key(code))
            await bucket.delete(_key(code), last=entry.revision)
        except (nats.js.errors.NotFoundError, nats.js.errors.KeyWrongLastSequenceError):
            return None
        except (nats.errors.Error, nats.js.errors.Error, OSError) as error:
            raise LogUnavailable("sign-in codes cannot be looked up") from error
        return TokenId((entry.value or b"").decode())

    async def _bucket(self) -> KeyValue:
        return await self._connection.jetstream(timeout=ANSWER_SECONDS).key_value(SIGN_IN_BUCKET)


def _key(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
